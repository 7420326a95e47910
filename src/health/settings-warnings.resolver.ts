import { Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { SettingsWarning } from './settings-warning.model.js';
import { SettingsWarningsService } from './settings-warnings.service.js';

@Resolver()
export class SettingsWarningsResolver {
  constructor(private readonly warnings: SettingsWarningsService) {}

  @Query(() => [SettingsWarning], {
    name: 'settingsWarnings',
    description: 'The settings of Dockmaster that are unsafe.',
  })
  list(@CurrentActor() actor: Actor): Promise<SettingsWarning[]> {
    return this.warnings.list(actor);
  }
}
