import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AutomationActors } from '../automation/automation-actors.service.js';
import type { PayloadValues } from '../automation/action-check.js';
import type { ActionInput } from '../automation/action.inputs.js';
import type { AutomationRun } from '../automation/automation-run.model.js';
import { AutomationRunStore } from '../automation/automation-run-store.js';
import { AutomationRuns } from '../automation/automation-runs.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import { hashToken, isHookToken } from '../identity/secret-token.js';
import { holdsAddress, parseAddress, parseRange } from '../networks/ip-range.js';
import { HookStore, type StoredHook } from './hook-store.js';
import type { HookReceipt } from './hook.model.js';
import { documentIn, understand } from './payloads/payload.js';
import type { Happening } from './payloads/sent-payload.js';
import { isMeant, valuesFrom } from './payloads/wanted-values.js';
import { verify } from './signatures.js';

/** A call of a hook. */
export interface HookCall {
  readonly token: string;
  readonly address: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly contentType: string;
  /** Read once it is known that there is such a hook. */
  readonly body: () => Promise<Buffer>;
}

/** Where hooks are called: looks at who calls and what it says, and has the action done as the hook's service account. */
@Injectable()
export class HookDoor {
  constructor(
    private readonly gate: Gate,
    private readonly store: HookStore,
    private readonly actors: AutomationActors,
    private readonly runs: AutomationRuns,
    private readonly runStore: AutomationRunStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `not_found`, always the same, for a token that leads nowhere, for a hook that is switched off or has outlived
   *   the credential that it was made with, and for a caller from elsewhere; `too_many_requests`; `payload_too_large`; `forbidden` where the signature does not verify, or the
   *   service account can't act; `invalid_input`
   */
  async receive(call: HookCall): Promise<HookReceipt> {
    const hook = await this.open(call);
    const isSigned = hook.settings.signature.kind !== 'none';
    if (!isSigned) await this.store.count(hook);
    const body = await call.body();
    const secret = await this.store.secret(hook.id);
    const { signedId } = await this.recordingRefusal(hook, () =>
      verify(hook.settings.signature, secret, { headers: call.headers, body }, this.clock.now()),
    );
    // Not before: whoever can't sign takes nothing from the sender's rate.
    if (isSigned) await this.store.count(hook);
    const found = happeningFor(hook, documentIn(body, call.contentType), call.headers['x-github-event']);
    if ('ignored' in found) return { id: null, jobId: null, repeated: false, ignored: found.ignored };
    return this.run(hook, found.values, keyOf(hook, call, body, signedId));
  }

  /** What became of a call. @throws DomainError `not_found` also for what another hook has led to */
  async outcome(call: Pick<HookCall, 'token' | 'address'>, runId: string): Promise<AutomationRun> {
    const { id } = await this.open(call);
    return this.runStore.get({ kind: 'hook', id }, runId);
  }

  private async run(hook: StoredHook, values: PayloadValues, key: string): Promise<HookReceipt> {
    const source = { kind: 'hook', id: hook.id } as const;
    const actor = await this.recordingRefusal(hook, () => this.actors.actorOf(hook));
    const action = withValues(await this.store.wholeAction(hook.id), values);
    const id = await this.runs.once(source, { key }, actor, action);
    const run =
      id === undefined ? await this.runStore.byKey(source, key) : await this.runStore.get(source, id);
    if (!run) throw new DomainError('conflict', 'The same delivery is being begun; try again');
    return { id: run.id, jobId: run.jobId, repeated: id === undefined, ignored: null };
  }

  private async open({ token, address }: Pick<HookCall, 'token' | 'address'>): Promise<StoredHook> {
    const hook = isHookToken(token) ? await this.store.byTokenHash(hashToken(token)) : undefined;
    if (!hook?.enabled) throw noSuchHook();
    try {
      await this.requireOpen(hook, address);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'forbidden') throw error;
      await this.refused(hook, error);
      throw noSuchHook();
    }
    return hook;
  }

  private async requireOpen({ settings, parentId }: StoredHook, address: string): Promise<void> {
    if (!isFrom(settings.addresses, address))
      throw new DomainError('forbidden', 'The hook may not be called from this address');
    await this.actors.requireParent(parentId);
  }

  private async recordingRefusal<T>(hook: StoredHook, decide: () => T | Promise<T>): Promise<T> {
    try {
      return await decide();
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'forbidden') await this.refused(hook, error);
      throw error;
    }
  }

  private async refused({ id, name, serviceAccountId }: StoredHook, reason: DomainError): Promise<void> {
    if (!(await this.store.mayRecordRefusal(id))) return;
    const actor: Actor = { kind: 'serviceAccount', id: serviceAccountId, name: '', teamIds: [] };
    await this.gate.as(actor).refused('hooks:call', { kind: 'hook', id, name }, reason);
  }
}

/** The same words for all. */
function noSuchHook(): DomainError {
  return new DomainError('not_found', 'No such hook');
}

function isFrom(ranges: readonly string[], caller: string): boolean {
  if (ranges.length === 0) return true;
  // A socket for both families tells IPv4 addresses so.
  const address = parseAddress(caller.replace(/^::ffff:(?=\d+\.)/i, ''));
  return (
    address !== undefined &&
    ranges.some((text) => {
      const range = parseRange(text);
      return range !== undefined && holdsAddress(range, address);
    })
  );
}

/** Of several things that one call tells of, the last that the hook is for. */
function happeningFor(
  { settings }: StoredHook,
  document: unknown,
  event: string | undefined,
): { readonly values: PayloadValues } | { readonly ignored: string } {
  const { format, pointers, take } = settings;
  const understood = understand(format, { document, event }, pointers);
  if ('ignored' in understood) return understood;
  const meant = understood.happenings.filter((happening) => isMeant(settings, happening));
  if (meant.length === 0) return { ignored: 'The hook is not for this repository or tag' };
  const isWhole = (happening: Happening) => take.every((value) => happening[value] !== undefined);
  const last = meant.filter(isWhole).at(-1);
  // Who sends what everybody sends can do nothing about it, and would only try again.
  if (!last && format !== 'json') return { ignored: `It does not tell ${take.join(' and ')}` };
  return { values: valuesFrom(last ?? meant.at(-1) ?? {}, take) };
}

/** With another tag, a digest that was given with the one before does not hold. */
function withValues({ digest, ...action }: ActionInput, values: PayloadValues): ActionInput {
  const kept = values.tag === undefined && digest !== undefined ? { digest } : {};
  return { ...action, ...kept, ...values };
}

/**
 * What tells one delivery from another: what a signature covers, or else what it says as a whole. An unsigned payload of one's own
 * may well say the same twice, unless its sender numbers its deliveries.
 */
function keyOf(
  { settings }: StoredHook,
  { headers }: HookCall,
  body: Buffer,
  signedId: string | undefined,
): string {
  const { format, signature, deliveryHeader } = settings;
  if (signedId !== undefined) return `id:${digestOf(signedId)}`;
  if (deliveryHeader !== null) {
    const delivery = headers[deliveryHeader];
    if (delivery) return `id:${digestOf(delivery)}`;
    throw new DomainError('invalid_input', `The header ${deliveryHeader} is missing`);
  }
  return format === 'json' && signature.kind === 'none' ? `call:${randomUUID()}` : `body:${digestOf(body)}`;
}

function digestOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
