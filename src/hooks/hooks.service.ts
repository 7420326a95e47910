import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AutomationActors } from '../automation/automation-actors.service.js';
import type { ActionInput } from '../automation/action.inputs.js';
import type { AutomationRun } from '../automation/automation-run.model.js';
import { AutomationRunStore } from '../automation/automation-run-store.js';
import { type Actor, parentOf } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import { type Page, type PageRequest, paginate } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { hashToken, newHookToken } from '../identity/secret-token.js';
import { checkHook, toSettings } from './hook-settings.js';
import { HookStore, type StoredHook } from './hook-store.js';
import type { CreateHookInput, UpdateHookInput } from './hook.inputs.js';
import { type Hook, hookSortKey, type HookWithToken, toHook } from './hook.model.js';
import { checkSecret } from './signatures.js';

/** Which hooks there are, for who may see and change them. Tokens and secrets are shown once. */
@Injectable()
export class HooksService {
  constructor(
    private readonly gate: Gate,
    private readonly store: HookStore,
    private readonly actors: AutomationActors,
    private readonly runStore: AutomationRunStore,
  ) {}

  /** By name. @throws DomainError `forbidden` without `hooks:list`; `invalid_input` for a cursor that is none */
  async list(actor: Actor, page: PageRequest): Promise<Page<Hook>> {
    await this.gate.as(actor).require('hooks:list');
    return paginate((await this.store.all()).map(toHook), hookSortKey, page);
  }

  /** @throws DomainError `forbidden` without `hooks:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<Hook> {
    await this.gate.as(actor).require('hooks:get');
    return toHook(await this.store.get(id));
  }

  /** What its calls have led to, newest first. @throws as `get` */
  async runs(actor: Actor, id: string, page: PageRequest): Promise<Page<AutomationRun>> {
    await this.get(actor, id);
    return this.runStore.list({ kind: 'hook', id }, page);
  }

  /**
   * @throws DomainError `forbidden` without `hooks:create`, and for a service account that may do more than the actor;
   *   `invalid_input`; `conflict`
   */
  create(actor: Actor, input: CreateHookInput, { dryRun = false }: DryRunQuery): Promise<HookWithToken> {
    const { name, description = '', serviceAccountId, action, enabled = true } = input;
    const change = { dryRun, operation: 'hooks:create', target: { kind: 'hook', name } } as const;
    return changeOrDryRun(this.gate.as(actor), change, async () => {
      const settings = toSettings(input);
      checkHook(action, settings);
      await this.actors.requireMayDirect(actor, serviceAccountId, 'hooks:create');
      const { secret, madeUp } = secretFor(settings.signature.kind, input.secret);
      const token = newHookToken();
      const hook = await this.store.create(
        {
          name,
          description,
          serviceAccountId,
          parentId: parentOf(actor),
          action,
          enabled,
          settings,
          secret,
          tokenHash: hashToken(token),
        },
        { dryRun },
      );
      return this.shown(hook, action, dryRun ? {} : { token, secret: madeUp });
    });
  }

  /** @throws as `create`, with `hooks:update`; `not_found` */
  update(actor: Actor, id: string, input: UpdateHookInput): Promise<HookWithToken> {
    return this.change(actor, id, async (known) => {
      const { name, description, enabled, serviceAccountId } = input;
      const settings = toSettings(input, known.settings);
      const action = input.action ?? (await this.store.wholeAction(id));
      checkHook(action, settings);
      if (serviceAccountId !== undefined)
        await this.actors.requireMayDirect(actor, serviceAccountId, 'hooks:update');
      const { kind } = settings.signature;
      const keeps = known.hasSecret && input.secret === undefined && kind === known.settings.signature.kind;
      const { secret, madeUp } = keeps ? {} : secretFor(kind, input.secret);
      const hook = await this.store.update(known, {
        name,
        description,
        enabled,
        serviceAccountId,
        parentId: parentOf(actor),
        settings,
        action: input.action,
        secret,
        unsigned: kind === 'none',
      });
      return this.shown(hook, action, { secret: madeUp });
    });
  }

  /** Gives it another token; the one before leads nowhere any more. @throws as `update` */
  rotateToken(actor: Actor, id: string): Promise<HookWithToken> {
    return this.change(actor, id, async (known) => {
      const token = newHookToken();
      const hook = await this.store.update(known, {
        tokenHash: hashToken(token),
        parentId: parentOf(actor),
      });
      return this.shown(hook, await this.store.wholeAction(id), { token });
    });
  }

  /** @throws DomainError `forbidden` without `hooks:delete`; `not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('hooks:delete');
    const { name } = await this.store.get(id);
    await gate.change('hooks:delete', { kind: 'hook', id, name }, () => this.store.delete(id));
  }

  /** Who changes a hook has its service account do something: that takes as much as that one may do. */
  private async change<T>(actor: Actor, id: string, work: (known: StoredHook) => Promise<T>): Promise<T> {
    const gate = this.gate.as(actor);
    await gate.require('hooks:update');
    const known = await this.store.get(id);
    await gate.requireAtLeast({ kind: 'serviceAccount', id: known.serviceAccountId }, 'hooks:update');
    return gate.change('hooks:update', { kind: 'hook', id, name: known.name }, () => work(known));
  }

  private async shown(
    stored: StoredHook,
    action: ActionInput,
    { token, secret }: { token?: string | undefined; secret?: string | undefined },
  ): Promise<HookWithToken> {
    return {
      hook: toHook(stored),
      token: token ?? null,
      path: token === undefined ? null : `/hooks/${token}`,
      secret: secret ?? null,
      missingPermissions: await this.actors.missingPermissions(stored.serviceAccountId, action),
    };
  }
}

/**
 * @throws DomainError `invalid_input` for a secret that nothing is signed with, or that could verify nothing
 */
function secretFor(kind: StoredHook['settings']['signature']['kind'], given: string | undefined) {
  if (kind === 'none') {
    if (given === undefined) return {};
    const message = 'goes with a signature only';
    throw new DomainError('invalid_input', `secret ${message}`, { errors: [{ field: 'secret', message }] });
  }
  if (given === undefined) {
    const random = randomBytes(32).toString('base64');
    const madeUp = kind === 'standardWebhooks' ? `whsec_${random}` : random;
    return { secret: madeUp, madeUp };
  }
  checkSecret(kind, given);
  return { secret: given };
}
