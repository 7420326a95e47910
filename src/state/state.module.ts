import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module.js';
import { EngineMonitor } from './engine-monitor.js';
import { State } from './state.js';

@Module({
  imports: [EngineModule],
  providers: [EngineMonitor, State],
  exports: [EngineMonitor, State],
})
export class StateModule {}
