import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ContainerInspectInfo, ImageInspectInfo } from 'dockerode';
import { DomainError, messageOf } from '../common/errors.js';
import { familiarReference, parseImageReference } from '../common/image-reference.js';
import type { Loose } from '../containers/engine-document.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { ImagePuller } from '../images/image-puller.js';
import type { JobContext } from '../jobs/jobs.service.js';
import type { ActionInput } from './action.inputs.js';
import { RecreationStore } from './recreation-store.js';
import { RecreationUndo, type Undoing } from './recreation-undo.js';
import { type KnownContainer, type Replacement, replacementBody } from './replacement-body.js';
import { settling, type SettlingRules } from './settling.js';

const DEFAULT_HEALTH_TIMEOUT_S = 120;
const DEFAULT_SETTLE_S = 10;
const LOOK_EVERY_MS = 250;
const SUFFIX = 8;
const LONGEST_NAME = 255;

/** What came of a re-creation. */
export interface RecreationResult {
  readonly recreated: boolean;
  readonly containerId: string;
  readonly previousContainerId: string;
  readonly image: string;
  readonly imageId: string;
  readonly previousImageId: string;
}

/** The container that is to be replaced, and by what. */
interface Plan {
  readonly old: ContainerInspectInfo;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly replacement: Replacement;
  readonly rules: SettlingRules;
}

/**
 * Replaces a container by one of another image and the same configuration, name, networks and volumes. The old one is kept,
 * stopped and under another name, until the new one is healthy; it is brought back if that one is not.
 */
@Injectable()
export class ContainerRecreation {
  constructor(
    private readonly gate: Gate,
    private readonly images: ImagePuller,
    private readonly store: RecreationStore,
    private readonly undo: RecreationUndo,
  ) {}

  /**
   * @param action of the kind `recreateContainer`
   * @throws DomainError `conflict` where the new one did not become healthy, and for a container that can't be replaced so; as the gate
   */
  async recreate(action: ActionInput, job: JobContext): Promise<RecreationResult> {
    const { engine, target: name = '' } = action;
    const { actor, id, signal } = job;
    const recreation = { job_id: id, engine, service_account_id: actor.id, name };
    await this.store.begin(recreation, signal);
    let isLeft = false;
    try {
      return await this.inTurn(action, job);
    } catch (error) {
      isLeft = error instanceof NotBroughtBack;
      throw error;
    } finally {
      // What could not be undone is tried again later.
      if (!isLeft) await this.store.end(id);
    }
  }

  private async inTurn(action: ActionInput, job: JobContext): Promise<RecreationResult> {
    const handle = this.gate.as(job.actor).engine(action.engine);
    const plan = await this.plan(handle, action, job);
    const { old, image, imageId } = plan;
    const result = { previousContainerId: old.Id, image, imageId, previousImageId: old.Image };
    if (imageId === old.Image && action.recreate?.always !== true) {
      job.progress({ percent: 100, message: 'The image is what it was: nothing to do' });
      return { ...result, recreated: false, containerId: old.Id };
    }
    return { ...result, recreated: true, containerId: await this.replace(handle, plan, job) };
  }

  private async plan(handle: EngineHandle, action: ActionInput, job: JobContext): Promise<Plan> {
    const { target: name = '', recreate: options = {} } = action;
    await handle.requireEver('ContainerCreate', 'ContainerRename', 'ContainerStop', 'ContainerStart');
    const old = await inspect(handle, name);
    requireReplaceable(old, name);
    await requireWholeView(handle, old.Id);
    const image = wantedImage(old.Config.Image, action);
    if (options.pull !== false)
      await this.images.pull(job.actor, handle.name, { image }, job.signal, (update) => job.progress(update));
    const { Id: imageId } = await imageOf(handle, image);
    const oldImage = await imageOf(handle, old.Image).catch(nothingIfGone);
    const apiVersion = await handle.apiVersion('ContainerCreate');
    const { healthTimeoutSeconds, settleSeconds } = options;
    return {
      old,
      name,
      image,
      imageId,
      replacement: replacementBody(
        old as unknown as KnownContainer,
        { ...oldImage?.Config },
        image,
        apiVersion,
      ),
      rules: {
        healthTimeoutMs: (healthTimeoutSeconds ?? DEFAULT_HEALTH_TIMEOUT_S) * 1_000,
        settleMs: (settleSeconds ?? DEFAULT_SETTLE_S) * 1_000,
      },
    };
  }

  /** @returns the id of the new one */
  private async replace(handle: EngineHandle, plan: Plan, job: JobContext): Promise<string> {
    const { old, name, replacement } = plan;
    const suffix = job.id.slice(-SUFFIX);
    const wasRunning = old.State.Running;
    let undoing: Undoing = { engine: handle.name, name, oldId: null, newId: null, wasRunning };
    try {
      job.progress({ message: 'Creating the new container' });
      // Judged as any other, before anything happens to the old one.
      const { body: created } = await handle.replaceContainer(old.Id, {
        query: { name: besides(name, `next-${suffix}`) },
        body: replacement.body,
        timeoutMs: 0,
      });
      undoing = { ...undoing, newId: created.Id };
      await this.store.note(job.id, { new_id: created.Id });
      for (const { name: network, endpoint } of replacement.networks)
        await handle.json('NetworkConnect', {
          params: { id: network },
          body: { Container: created.Id, EndpointConfig: endpoint },
        });
      job.signal.throwIfAborted();
      undoing = { ...undoing, oldId: old.Id };
      await this.store.note(job.id, { old_id: old.Id, was_running: wasRunning ? 1 : 0 });
      await exchange(handle, plan, created.Id, suffix, job);
      if (wasRunning) await this.settled(handle, created.Id, plan.rules, job);
      await this.removeOld(handle, old.Id, job);
      return created.Id;
    } catch (error) {
      await this.bringBack(undoing, error, job);
      throw explained(error, undoing);
    }
  }

  /** @throws DomainError `conflict` where it is not well */
  private async settled(
    handle: EngineHandle,
    id: string,
    rules: SettlingRules,
    job: JobContext,
  ): Promise<void> {
    const start = performance.now();
    job.progress({ message: 'Waiting for the new container to be healthy' });
    for (;;) {
      job.signal.throwIfAborted();
      const container = await inspect(handle, id);
      const state = settling(container, performance.now() - start, rules);
      if (state === 'settled') return;
      if (state !== 'waiting') {
        const said = (container.State as Loose<ContainerInspectInfo['State']>).Health?.Log?.at(-1)?.Output;
        if (said) job.log(`The health check said: ${said}`);
        throw new DomainError('conflict', `The new container did not become healthy: ${state.failed}`);
      }
      await pause(LOOK_EVERY_MS, undefined, { signal: job.signal });
    }
  }

  /** The new one is in its place: an old one that stays is no failure. */
  private async removeOld(handle: EngineHandle, id: string, job: JobContext): Promise<void> {
    try {
      await handle.json('ContainerDelete', { params: { id }, timeoutMs: 0 });
    } catch (error) {
      job.log(`The old container ${id} could not be removed: ${messageOf(error)}`);
    }
  }

  private async bringBack(undoing: Undoing, cause: unknown, { actor, progress }: JobContext): Promise<void> {
    if (undoing.newId === null) return;
    progress({ message: 'Bringing the old container back' });
    try {
      await this.undo.bringBack(actor, undoing);
    } catch (error) {
      throw new NotBroughtBack(cause, error);
    }
  }
}

/** That is tried again every minute. */
class NotBroughtBack extends DomainError {
  constructor(cause: unknown, failure: unknown) {
    super(
      'engine_error',
      `The container could not be re-created (${messageOf(cause)}), and the old one not be brought back yet: ${messageOf(failure)}`,
      { cause },
    );
  }
}

/** The old one stops and gives its name away; the new one takes it and starts, if the old one ran. */
async function exchange(
  handle: EngineHandle,
  { old, name }: Plan,
  newId: string,
  suffix: string,
  { progress }: JobContext,
): Promise<void> {
  progress({ message: 'Replacing the old container' });
  const rename = (id: string, to: string) =>
    handle.json('ContainerRename', { params: { id }, query: { name: to } });
  if (old.State.Running) await handle.json('ContainerStop', { params: { id: old.Id }, timeoutMs: 0 });
  await rename(old.Id, besides(name, `before-${suffix}`));
  await rename(newId, name);
  if (old.State.Running) await handle.json('ContainerStart', { params: { id: newId }, timeoutMs: 0 });
}

function besides(name: string, what: string): string {
  return `${name.slice(0, LONGEST_NAME - what.length - 1)}-${what}`;
}

async function inspect(handle: EngineHandle, id: string): Promise<ContainerInspectInfo> {
  return (await handle.json<ContainerInspectInfo>('ContainerInspect', { params: { id } })).body;
}

async function imageOf(handle: EngineHandle, name: string): Promise<ImageInspectInfo> {
  return (await handle.json<ImageInspectInfo>('ImageInspect', { params: { name } })).body;
}

function nothingIfGone(error: unknown): undefined {
  if (error instanceof DomainError && error.kind === 'not_found') return undefined;
  throw error;
}

function requireReplaceable({ Name, HostConfig: { AutoRemove } }: ContainerInspectInfo, name: string): void {
  if (Name !== `/${name}`)
    throw new DomainError(
      'conflict',
      `There is no container of the name ${name}: ids change when it is re-created`,
    );
  if (AutoRemove === true)
    throw new DomainError(
      'conflict',
      'The engine removes this container when it stops: it could not be brought back',
    );
}

/** What is hidden would be lost. */
async function requireWholeView(handle: EngineHandle, id: string): Promise<void> {
  for (const permission of ['containers:readEnvironment', 'containers:readMounts'] as const)
    if (!(await handle.may(permission, id)))
      throw new DomainError('forbidden', `You need the permission ${permission} to keep the configuration`);
}

/** @throws DomainError `conflict` for a container that was made of an image's id: it has no tags */
function wantedImage(image: string, { tag, digest }: ActionInput): string {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(image))
    throw new DomainError('conflict', 'The container was made of the id of an image, which has no newer one');
  const { domain, path, ...known } = parseImageReference(image);
  if (tag === undefined && digest === undefined) return image;
  const named = tag ?? known.tag;
  return familiarReference({
    domain,
    path,
    ...(named === undefined ? {} : { tag: named }),
    ...(digest === undefined ? {} : { digest }),
  });
}

/** What went wrong, and that it is as it was. */
function explained(error: unknown, { newId, oldId }: Undoing): unknown {
  if (!(error instanceof DomainError) || newId === null) return error;
  const { kind, message, errors, cause } = error;
  const undone = oldId === null ? 'the container is as it was' : 'the old one is back';
  return new DomainError(kind, `${message}; ${undone}`, { errors: [...errors], cause });
}
