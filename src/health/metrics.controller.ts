import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';

/** Each look at the event loop wakes the process: by default a hundred times a second. */
const LAG_PRECISION_MS = 200;

@ApiTags('health')
@Controller()
export class MetricsController {
  private readonly registry = new Registry();

  constructor(private readonly gate: Gate) {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Metrics of this process in the text format of Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems('unauthenticated', 'forbidden')
  async metrics(@CurrentActor() actor: Actor): Promise<string> {
    await this.gate.as(actor).require('metrics:get');
    return this.registry.metrics();
  }
}
