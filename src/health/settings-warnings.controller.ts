import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { type Page, PageQuery, paginate } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { type SettingsWarning, SettingsWarningPage } from './settings-warning.model.js';
import { SettingsWarningsService } from './settings-warnings.service.js';

@ApiTags('health')
@Controller('api/v1/settings/warnings')
export class SettingsWarningsController {
  constructor(private readonly warnings: SettingsWarningsService) {}

  @Get()
  @ApiOperation({ summary: 'See which settings of Dockmaster are unsafe' })
  @ApiOkResponse({ type: SettingsWarningPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<SettingsWarning>> {
    return paginate(await this.warnings.list(actor), ({ name }) => [name, name], query);
  }
}
