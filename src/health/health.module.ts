import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { GateModule } from '../gate/gate.module.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { MetricsController } from './metrics.controller.js';
import { SettingsWarningsController } from './settings-warnings.controller.js';
import { SettingsWarningsResolver } from './settings-warnings.resolver.js';
import { SettingsWarningsService } from './settings-warnings.service.js';

@Module({
  imports: [EnginesModule, GateModule],
  controllers: [HealthController, MetricsController, SettingsWarningsController],
  providers: [HealthService, SettingsWarningsResolver, SettingsWarningsService],
})
export class HealthModule {}
