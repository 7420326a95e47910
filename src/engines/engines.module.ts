import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { EnginesController } from './engines.controller.js';
import { EnginesResolver } from './engines.resolver.js';
import { EnginesService } from './engines.service.js';

@Module({
  imports: [GateModule],
  controllers: [EnginesController],
  providers: [EnginesResolver, EnginesService],
})
export class EnginesModule {}
