import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../identity/authentication.guard.js';
import { ApiProblems } from '../http/api-problems.js';
import { HealthStatus } from './health.model.js';
import { HealthService } from './health.service.js';
import { ServerIndex } from './server-index.model.js';

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @ApiOperation({ summary: 'Where to go on from here', security: [] })
  @ApiOkResponse({ type: ServerIndex })
  @ApiProblems('forbidden') // a host name that is not ours
  index(): ServerIndex {
    return { docs: '/docs', graphql: '/graphql', openapi: '/openapi.json', health: '/healthz' };
  }

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process lives', security: [] })
  @ApiOkResponse({ type: HealthStatus })
  alive(): HealthStatus {
    return { status: 'ok' };
  }

  /** Engines do not count: without one the server still answers, and says what is away. */
  @Get('readyz')
  @ApiOperation({ summary: 'Whether requests can be served: the database answers', security: [] })
  @ApiOkResponse({ type: HealthStatus })
  @ApiProblems('unavailable')
  async ready(): Promise<HealthStatus> {
    await this.health.requireReady();
    return { status: 'ok' };
  }
}
