import { Injectable } from '@nestjs/common';
import type { ContainerInfo } from 'dockerode';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import { removeIfUnused } from '../common/remove-if-unused.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { ImagePuller, type WantedImage } from '../images/image-puller.js';
import { toCreateBody } from './container-create.mapper.js';
import type { CreateContainerInput, RunContainerInput } from './container-create.inputs.js';
import { labelMatcher } from './container-filter.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { ContainerPath } from './container-paths.js';
import { ContainerPages } from './container-pages.js';
import { STOPPED } from './container-states.js';
import { toContainerDetails } from './container-details.mapper.js';
import type { ContainerDetails } from './container-details.model.js';
import type { PruneContainersInput, RemoveContainerInput } from './container.inputs.js';
import type { PruneResult } from './container-results.model.js';
import { untilMs } from './engine-time.js';
import { networksToConnect } from './network.mapper.js';

/** The answer of ContainerCreate. */
interface CreatedContainer {
  readonly Id: string;
  readonly Warnings?: string[] | null;
}

/** What containers there are, and making and removing them. What runs in one is in the services beside this. */
@Injectable()
export class ContainersService {
  constructor(
    private readonly gate: Gate,
    private readonly images: ImagePuller,
  ) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: ContainerFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ContainerPages> {
    const view = await this.gate.as(actor).engine(engine).objects('container', { fresh });
    return new ContainerPages(engine, view, filter, query);
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  async get(
    actor: Actor,
    { engine, id }: ContainerPath,
    { fresh }: FreshQuery = {},
  ): Promise<ContainerDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /** The container after a change, for whoever may see it. */
  async find(actor: Actor, { engine, id }: ContainerPath): Promise<ContainerDetails | null> {
    const handle = this.gate.as(actor).engine(engine);
    return (await handle.may('containers:get', id)) ? inspect(handle, id) : null;
  }

  async create(actor: Actor, engine: string, input: CreateContainerInput): Promise<ContainerDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('ContainerCreate', 'ContainerInspect');
    const { Id, Warnings } = await createConnected(handle, input);
    return { ...(await inspect(handle, Id)), warnings: Warnings ?? [] };
  }

  /** Creates and starts. What cannot be started is removed again, so that a failed run leaves nothing behind. */
  async run(
    actor: Actor,
    engine: string,
    input: RunContainerInput,
    signal: AbortSignal,
  ): Promise<ContainerDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('ContainerCreate', 'ContainerStart', 'ContainerInspect', 'ContainerDelete');
    if (input.pull === 'always') await this.images.pull(actor, engine, imageOf(input), signal);
    const { Id, Warnings } = await this.createPulling(actor, handle, input, signal);
    try {
      await handle.json('ContainerStart', { params: { id: Id }, timeoutMs: 0 });
    } catch (error) {
      await handle.json('ContainerDelete', { params: { id: Id }, query: { force: true, v: true } });
      throw error;
    }
    return { ...(await inspect(handle, Id)), warnings: Warnings ?? [] };
  }

  async remove(
    actor: Actor,
    { engine, id }: ContainerPath,
    { force, volumes, link }: RemoveContainerInput,
  ): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('ContainerDelete', { params: { id }, query: { force, v: volumes, link }, timeoutMs: 0 });
  }

  /**
   * Removes stopped containers one by one: each is authorised and recorded, and only what the actor may remove goes.
   * The engine's own prune would ask nobody.
   */
  async prune(actor: Actor, engine: string, { label, until }: PruneContainersInput): Promise<PruneResult> {
    const handle = this.gate.as(actor).engine(engine);
    const meetsLabels = labelMatcher(label);
    const { body } = await handle.json<(ContainerInfo & { SizeRw?: number })[]>('ContainerList', {
      query: { all: true, size: true },
      timeoutMs: 0,
    });
    const before = untilMs(until);
    const wanted = body
      .filter(
        ({ State, Created, Labels }) => STOPPED.has(State) && Created * 1_000 < before && meetsLabels(Labels),
      )
      .map(({ Id, Labels, SizeRw = 0 }) => ({ id: Id, labels: Labels, size: SizeRw }));
    const allowed = await handle.allowed('container', ['containers:prune', 'containers:delete'], wanted);
    const result: PruneResult = { deletedIds: [], spaceReclaimed: 0 };
    for (const { id, size } of wanted) {
      if (!allowed.has(id)) continue;
      const remove = () => handle.json('ContainerDelete', { params: { id }, timeoutMs: 0 });
      if (!(await removeIfUnused(remove))) continue;
      result.deletedIds.push(id);
      result.spaceReclaimed += size;
    }
    return result;
  }

  private async createPulling(
    actor: Actor,
    handle: EngineHandle,
    input: RunContainerInput,
    signal: AbortSignal,
  ): Promise<CreatedContainer> {
    try {
      return await createConnected(handle, input);
    } catch (error) {
      const missing =
        error instanceof DomainError && error.kind === 'not_found' && /no such image/i.test(error.message);
      if (!missing) throw error;
      if (input.pull !== 'missing') throw withPullHint(error);
    }
    await this.images.pull(actor, handle.name, imageOf(input), signal);
    return createConnected(handle, input);
  }
}

function withPullHint(error: DomainError): DomainError {
  return new DomainError('not_found', `${error.message}. With "pull": "missing" it is pulled first`, {
    cause: error,
  });
}

/** Of a container's input only what a pull is asked for. */
function imageOf({ image, platform }: RunContainerInput): WantedImage {
  return { image, platform };
}

async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<ContainerDetails> {
  const { document, ...freshness } = await handle.object('container', id, { fresh });
  return toContainerDetails(handle.name, document, toFreshness(freshness));
}

/** Before API 1.44 the engine takes one network at creation; the others are joined after. */
async function createConnected(handle: EngineHandle, input: CreateContainerInput): Promise<CreatedContainer> {
  const query = { name: input.name, platform: input.platform };
  const apiVersion = await handle.apiVersionFor('ContainerCreate', { query });
  const { body: created } = await handle.json<CreatedContainer>('ContainerCreate', {
    query,
    body: toCreateBody(input, apiVersion),
    timeoutMs: 0,
  });
  try {
    for (const { name, endpoint } of networksToConnect(input, apiVersion)) {
      await handle.json('NetworkConnect', {
        params: { id: name },
        body: { Container: created.Id, EndpointConfig: endpoint },
      });
    }
  } catch (error) {
    await handle.json('ContainerDelete', { params: { id: created.Id }, query: { v: true } });
    throw error;
  }
  return created;
}
