import type { Duplex } from 'node:stream';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { requestContext } from '../common/request-context.js';
import type { EngineAnswer, EngineHijack, EngineRequest, EngineStream } from '../engine/engine-connection.js';
import { operation, type OperationId } from '../engine/operations/index.js';
import { jsonStream } from '../engine/wire/json-stream.js';
import { multiplexed } from '../engine/wire/multiplexed.js';
import type { EngineEvent, LogBatch, LogOptions, StatsSample } from '../streams/streams.js';
import type { Admission } from './admission.js';
import type { ContainersNews, ContainersView, Freshness } from './container-views.js';
import type { GateRooms } from './gate-rooms.js';

export type { EngineRequest } from '../engine/engine-connection.js';
export type { EngineEvent, LogBatch, StatsSample } from '../streams/streams.js';
export type { ContainerRecord, ContainersNews, ContainersView, KeptContainer } from './container-views.js';

/** What a viewer asks of a log. Whether the container has a terminal is ours to know. */
export type LogViewOptions = Omit<LogOptions, 'tty'>;

/** A container's document, and how far it can be relied on. */
export interface ContainerDocument extends Freshness {
  readonly document: ContainerInspectInfo;
}

/** A piece of what a process wrote. `console` where it has a terminal. */
export interface TerminalOutput {
  readonly stream: 'stdin' | 'stdout' | 'stderr' | 'console';
  readonly data: Buffer;
}

/** Input and output of a process. Ending `input` ends its standard input only; destroying it detaches. */
export interface Terminal {
  readonly input: Duplex;
  readonly output: AsyncIterable<TerminalOutput>;
}

/**
 * One engine as one actor may use it. Each call is authorised, judged by the policy, recorded and only then forwarded,
 * with the full id that was decided on. Errors: `not_found` for what the actor may not see, `forbidden` for what it may
 * not do, `policy_violation` for what its security level does not allow, and the engine's own.
 */
export class EngineHandle {
  constructor(
    private readonly actor: Actor,
    readonly name: string,
    private readonly rooms: GateRooms,
  ) {}

  /** Calls an operation whose answer is small and whole. Lists hold only what the actor may see. */
  async json<T>(id: OperationId, request: EngineRequest = {}): Promise<EngineAnswer<T>> {
    const admission = await this.admit(id, request);
    const { connection, request: admitted } = admission;
    if (id === 'ContainerInspect') {
      const answer = await connection.json<ContainerInspectInfo>(id, admitted);
      return { ...answer, body: (await this.rooms.visibility.inspection(admission, answer.body)) as T };
    }
    if (id === 'ContainerList') {
      const answer = await connection.json<ContainerInfo[]>(id, admitted);
      return { ...answer, body: (await this.rooms.visibility.containers(admission, answer.body)) as T };
    }
    let body: unknown;
    try {
      return await this.recorded(admission, async () => {
        const answer = await connection.json<T>(id, admitted);
        ({ body } = answer);
        await this.rooms.owners.follow(admission, body);
        return answer;
      });
    } finally {
      this.rooms.ownChanges.follow(admission, body);
    }
  }

  /** The containers that the actor may see, from memory. Contract: `ObjectState`. */
  async containers({ fresh = false }: { fresh?: boolean | undefined } = {}): Promise<ContainersView> {
    const { actor, engine, rights, request } = await this.admit('ContainerList', {});
    return this.rooms.views.view(actor, engine, rights, { fresh, signal: request.signal });
  }

  /** What changes in `containers()`. Contract: `ContainerViews.news`. It ends when the right is withdrawn. */
  async containersNews(
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ContainersNews>> {
    const admission = await this.admit('ContainerList', { signal });
    const { actor, engine } = admission;
    return this.whileAllowed(admission, signal, (live) => this.rooms.views.news(actor, engine, after, live));
  }

  /**
   * The engine's document of a container, as far as the actor may see it, from memory where nothing has happened to the
   * container since it was read.
   *
   * @param options.fresh asks the engine in any case
   */
  async container(
    reference: string,
    { fresh = false }: { fresh?: boolean | undefined } = {},
  ): Promise<ContainerDocument> {
    const admission = await this.admit('ContainerInspect', { params: { id: reference } });
    const { id, document } = containerOf(admission);
    if (fresh) await this.rooms.views.refresh(this.name, id);
    const visible = await this.rooms.visibility.inspection(admission, await document());
    return { document: visible, ...this.rooms.views.freshness(this.name) };
  }

  /** Calls an operation whose answer goes on for long or is large. It ends when the right to it is withdrawn. */
  async stream(id: OperationId, request: EngineRequest = {}): Promise<EngineStream> {
    const admission = await this.admit(id, request);
    return this.recorded(admission, async () => {
      const answer = await admission.connection.stream(id, admission.request);
      this.endWithRight(admission, answer.body);
      return answer;
    });
  }

  /** Like `stream`, for an answer that is a sequence of JSON values. */
  async messages<T>(id: OperationId, request: EngineRequest = {}): Promise<AsyncIterable<T>> {
    const { body } = await this.stream(id, request);
    return jsonStream(body) as AsyncIterable<T>;
  }

  /** Calls an operation that turns its connection into a two-way byte stream. It ends when the right to it is withdrawn. */
  async hijack(id: OperationId, request: EngineRequest = {}): Promise<EngineHijack> {
    return this.hijackAs(await this.admit(id, request));
  }

  /** Like `hijack`, for the input and output of a process: what the engine frames is taken apart. */
  async terminal(id: 'ContainerAttach' | 'ExecStart', request: EngineRequest): Promise<Terminal> {
    const admission = await this.admit(id, request);
    const tty = admission.target?.tty === true;
    // The engine frames an exec's output by what its start says, not by what the exec is.
    const body = id === 'ExecStart' ? { ...(request.body as object), Tty: tty } : undefined;
    const { socket } = await this.hijackAs({ ...admission, request: { ...admission.request, body } });
    return { input: socket, output: tty ? consoleOutput(socket) : multiplexed(socket) };
  }

  /** A container's log, shared with its other viewers. Contract: `Streams.logs`. */
  async logs(
    reference: string,
    options: LogViewOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogBatch>> {
    const admission = await this.admit('ContainerLogs', { params: { id: reference }, signal });
    const { id, tty } = containerOf(admission);
    return this.whileAllowed(admission, signal, (live) =>
      this.rooms.streams.logs(admission.connection, id, { ...options, tty }, live),
    );
  }

  /** A container's resource usage, shared with its other viewers. Contract: `Streams.stats`. */
  async stats(reference: string, signal: AbortSignal): Promise<AsyncIterable<StatsSample>> {
    const admission = await this.admit('ContainerStats', { params: { id: reference }, signal });
    const { id } = containerOf(admission);
    return this.whileAllowed(admission, signal, (live) =>
      this.rooms.streams.stats(admission.connection, id, live),
    );
  }

  /** What happens on the engine, as far as the actor may see the objects that it happens to. */
  async events(signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    const admission = await this.admit('SystemEvents', { signal });
    const events = this.whileAllowed(admission, signal, (live) =>
      this.rooms.streams.events(admission.connection, live),
    );
    return this.rooms.visibility.events(admission, events);
  }

  /**
   * The API version spoken with the engine, by which options that it knows are told from those that it does not.
   *
   * @param operations what they are options of
   * @throws as `requireEver`: an option is of no concern to who may not use it
   */
  async apiVersion(...operations: readonly [OperationId, ...OperationId[]]): Promise<string> {
    await this.requireEver(...operations);
    return this.rooms.engines.get(this.name).apiVersion();
  }

  /**
   * For work of several calls: refuses before the first what a later one would be refused for.
   * @throws DomainError `forbidden`, recorded, for what the actor may do to no container at all
   */
  async requireEver(...operations: readonly OperationId[]): Promise<void> {
    for (const id of operations) await this.rooms.admissions.requireEver(this.actor, this.name, id);
  }

  /** Whether the actor may do it to this container. For what an answer shows; calls are decided on as they are made. */
  async may(permission: Permission, reference: string): Promise<boolean> {
    const rights = await this.rooms.admissions.rightsOn(this.actor, this.name);
    if (!rights.mayEver(permission)) return false;
    if (rights.mayAlways(permission)) return true;
    const container = await this.rooms.containers.find(this.rooms.engines.get(this.name), reference, {
      seesAll: rights.mayAlways('containers:list'),
    });
    if (!container) return false;
    const { id, labels } = container;
    return rights.may(
      permission,
      this.rooms.authoriser.existing(this.actor, this.name, 'container', id, labels),
    );
  }

  private admit(id: OperationId, request: EngineRequest): Promise<Admission> {
    // What is read for a client that has left is read for nobody; what changes something is carried through.
    const { signal } = operation(id).changes ? {} : requestContext();
    const admitted = signal && !request.signal ? { ...request, signal } : request;
    return this.rooms.admissions.admit(this.actor, this.name, id, admitted);
  }

  private hijackAs(admission: Admission): Promise<EngineHijack> {
    return this.recorded(admission, async () => {
      const hijack = await admission.connection.hijack(admission.operation.id, admission.request);
      this.endWithRight(admission, hijack.socket);
      return hijack;
    });
  }

  /** The record of a change is there before the engine hears of it, and has its outcome before the caller does. */
  private async recorded<T>(admission: Admission, call: () => Promise<T>): Promise<T> {
    const record = await this.rooms.admissions.record(admission);
    try {
      const answer = await call();
      await record?.succeeded();
      return answer;
    } catch (error) {
      await record?.failed(error);
      throw error;
    }
  }

  private async *whileAllowed<T>(
    admission: Admission,
    signal: AbortSignal,
    open: (live: AbortSignal) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const ended = new AbortController();
    const withdrawn = this.watch(admission, ended.signal);
    try {
      yield* open(AbortSignal.any([signal, withdrawn]));
      withdrawn.throwIfAborted();
    } catch (error) {
      withdrawn.throwIfAborted();
      throw error;
    } finally {
      ended.abort();
    }
  }

  private endWithRight(admission: Admission, stream: Duplex | EngineStream['body']): void {
    const ended = new AbortController();
    stream.once('close', () => ended.abort());
    const withdrawn = this.watch(admission, ended.signal);
    withdrawn.addEventListener('abort', () => stream.destroy(withdrawn.reason as Error), { once: true });
  }

  private watch(admission: Admission, ended: AbortSignal): AbortSignal {
    return this.rooms.liveAccess.watch(async () => {
      await this.rooms.authentication.requireLive(this.actor);
      await this.rooms.admissions.recheck(admission);
    }, ended);
  }
}

/** Output of a process with a terminal has no streams to tell apart. */
async function* consoleOutput(socket: AsyncIterable<Buffer>): AsyncGenerator<TerminalOutput> {
  for await (const data of socket) yield { stream: 'console', data };
}

function containerOf({ target }: Admission) {
  if (!target?.container) throw new DomainError('internal', 'A container stream without a container');
  return target.container;
}
