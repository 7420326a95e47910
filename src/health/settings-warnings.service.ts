import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Settings } from '../config/settings.js';
import { unsafeSettings } from '../config/unsafe-settings.js';
import { Gate } from '../gate/gate.js';
import type { SettingsWarning } from './settings-warning.model.js';

@Injectable()
export class SettingsWarningsService {
  constructor(
    private readonly settings: Settings,
    private readonly gate: Gate,
  ) {}

  /**
   * What is unsafe now, of the replica that answers.
   *
   * @throws DomainError `forbidden` without the permission `settings:get`
   */
  async list(actor: Actor): Promise<SettingsWarning[]> {
    await this.gate.as(actor).require('settings:get');
    return unsafeSettings(this.settings);
  }
}
