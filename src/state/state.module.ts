import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module.js';
import { ContainerState } from './container-state.js';
import { EngineMonitor } from './engine-monitor.js';

@Module({
  imports: [EngineModule],
  providers: [ContainerState, EngineMonitor],
  exports: [ContainerState, EngineMonitor],
})
export class StateModule {}
