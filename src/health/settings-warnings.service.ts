import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Settings } from '../config/settings.js';
import { unsafeSettings } from '../config/unsafe-settings.js';
import { EngineDirectory } from '../engines/engine-directory.js';
import { storedEngineWarnings } from '../engines/engine-warnings.js';
import { Gate } from '../gate/gate.js';
import type { SettingsWarning } from './settings-warning.model.js';

@Injectable()
export class SettingsWarningsService {
  constructor(
    private readonly settings: Settings,
    private readonly gate: Gate,
    private readonly engines: EngineDirectory,
  ) {}

  /**
   * What is unsafe now: of the replica that answers, and of the engines that were added.
   *
   * @throws DomainError `forbidden` without the permission `settings:get`
   */
  async list(actor: Actor): Promise<SettingsWarning[]> {
    await this.gate.as(actor).require('settings:get');
    return [...unsafeSettings(this.settings), ...storedEngineWarnings(this.engines.all())];
  }
}
