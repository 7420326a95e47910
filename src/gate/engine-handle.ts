import type { Duplex } from 'node:stream';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { requestContext } from '../common/request-context.js';
import type {
  EngineAnswer,
  EngineHijack,
  EnginePing,
  EngineRequest,
  EngineStream,
} from '../engine/engine-connection.js';
import { operation, type OperationId } from '../engine/operations/index.js';
import { multiplexed } from '../engine/wire/multiplexed.js';
import type { DocumentOf, WatchedKindName } from '../state/watched-kinds.js';
import type { EngineEvent, LogBatch, LogOptions, StatsSample } from '../streams/streams.js';
import type { Admission } from './admission.js';
import { AdmittedCalls } from './admitted-calls.js';
import { consoleOutput, documentsOf, pastEvents, type TerminalOutput, textsOf } from './answer-streams.js';
import type { ObjectInScope } from './authoriser.js';
import { type ServiceLogOptions, serviceLogQuery, type SwarmLine } from './service-logs.js';
import type { ObjectFacts } from './object-finder.js';
import type { Freshness, ObjectsNews, ObjectsView } from './object-views.js';
import { INSPECT, LIST } from './reading-operations.js';
import type { GateRooms } from './gate-rooms.js';

export type { TerminalOutput } from './answer-streams.js';
export type { EngineRequest } from '../engine/engine-connection.js';
export { EngineAnswerError } from '../engine/engine-errors.js';
export type { EngineEvent, LogBatch, StatsSample } from '../streams/streams.js';
export type { ObjectRecord } from '../state/watched-kind.js';
export type { ContainerRecord, KeptContainer } from '../state/watched-containers.js';
export type { KeptImage } from '../state/watched-images.js';
export type { KeptNetwork } from '../state/watched-networks.js';
export type { VolumeDocument } from '../state/watched-volumes.js';
export type { KeptConfig, TaskOfService } from '../state/watched-swarm.js';
export type * from '../state/swarm-documents.js';
export type { DocumentOf, KeptOf, WatchedKindName } from '../state/watched-kinds.js';
export type { ObjectsNews, ObjectsView } from './object-views.js';
export { lostRace, ServiceChange } from './service-change.js';
export type { ServiceLogOptions, SwarmLine } from './service-logs.js';

/** What a viewer asks of a log. Whether the container has a terminal is ours to know. */
export type LogViewOptions = Omit<LogOptions, 'tty'>;

/** An object's document, and how far it can be relied on. */
export interface SeenDocument<Kind extends WatchedKindName> extends Freshness {
  readonly document: DocumentOf<Kind>;
}

/** An object as scopes see it. */
export interface LabelledObject extends ObjectInScope {
  /** Of an image, the repositories that it has names in. */
  readonly repositories?: readonly string[] | undefined;
}

export type ContainersView = ObjectsView<'container'>;

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
  private readonly calls: AdmittedCalls;

  constructor(
    private readonly actor: Actor,
    readonly name: string,
    private readonly rooms: GateRooms,
  ) {
    this.calls = new AdmittedCalls(rooms);
  }

  /** Calls an operation whose answer is small and whole. Lists hold only what the actor may see. */
  async json<T>(id: OperationId, request: EngineRequest = {}): Promise<EngineAnswer<T>> {
    return this.calls.json(await this.admit(id, request));
  }

  /** Like `json`, for who passes the answer on: in the engine's own bytes where nothing of it is hidden from the actor. */
  async bytes(id: OperationId, request: EngineRequest = {}): Promise<EngineAnswer<Buffer>> {
    return this.calls.bytes(await this.admit(id, request, { passesOn: true }));
  }

  /**
   * Calls ContainerCreate for a container that is to take the place of another, which stays: what that one mounts the new
   * one may mount too, and it belongs to whom that one belongs. The spec is judged as any other.
   *
   * @throws DomainError as for the removal of the other and for the create
   */
  async replaceContainer(
    replaced: string,
    request: EngineRequest,
  ): Promise<EngineAnswer<{ readonly Id: string; readonly Warnings?: string[] | null }>> {
    const replaces = containerOf(await this.admit('ContainerDelete', { params: { id: replaced } }));
    const { actor, name, rooms } = this;
    const admission = await rooms.admissions.admit(actor, name, 'ContainerCreate', request, { replaces });
    return this.calls.json(admission);
  }

  /** The objects of one kind that the actor may see, from memory. Contract: `ObjectState`. */
  async objects<Kind extends WatchedKindName>(
    kind: Kind,
    { fresh = false }: { fresh?: boolean | undefined } = {},
  ): Promise<ObjectsView<Kind>> {
    const { actor, engine, rights, request } = await this.admit(LIST[kind], {});
    return this.rooms.views.view({ actor, engine, rights, kind }, { fresh, signal: request.signal });
  }

  /** What changes in `objects()`. Contract: `ObjectViews.news`. It ends when the right is withdrawn. */
  async news<Kind extends WatchedKindName>(
    kind: Kind,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ObjectsNews<Kind>>> {
    const admission = await this.admit(LIST[kind], { signal });
    const { actor, engine } = admission;
    return this.calls.whileAllowed(admission, signal, (live) =>
      this.rooms.views.news(actor, engine, kind, after, live),
    );
  }

  /**
   * The engine's document of an object, as far as the actor may see it, from memory where nothing has happened to the
   * object since it was read.
   *
   * @param options.fresh asks the engine in any case
   */
  async object<Kind extends WatchedKindName>(
    kind: Kind,
    reference: string,
    { fresh = false }: { fresh?: boolean | undefined } = {},
  ): Promise<SeenDocument<Kind>> {
    const parameter = operation(INSPECT[kind]).targetParameter?.name ?? 'id';
    const admission = await this.admit(INSPECT[kind], { params: { [parameter]: reference } });
    const object = admission.target?.object as ObjectFacts<Kind> | undefined;
    if (!object) throw new DomainError('internal', 'An inspection of nothing');
    if (fresh) await this.rooms.views.refresh(this.name, kind, object.id);
    const document = await this.rooms.visibility.inspection(admission, kind, await object.document());
    return { document, ...this.rooms.views.freshness(this.name, kind) };
  }

  /** Calls an operation whose answer goes on for long or is large. It ends when the right to it is withdrawn. */
  async stream(id: OperationId, request: EngineRequest = {}): Promise<EngineStream> {
    const { answer, outcome } = await this.calls.stream(await this.admit(id, request));
    // Whoever reads it hears of a failure by the stream; of one to write that down, the log tells.
    outcome?.settled.catch((error: unknown) =>
      this.rooms.logger.error({ err: error }, 'could not follow a stream'),
    );
    return answer;
  }

  /**
   * Like `stream`, for an answer that is a sequence of JSON values. It is over when what it changed can be read; a
   * failure that the engine tells of is one of the values.
   */
  async messages<T>(id: OperationId, request: EngineRequest = {}): Promise<AsyncIterable<T>> {
    const { answer, outcome } = await this.calls.stream(await this.admit(id, request));
    return documentsOf<T>(answer, outcome);
  }

  /** Calls an operation that turns its connection into a two-way byte stream. It ends when the right to it is withdrawn. */
  async hijack(id: OperationId, request: EngineRequest = {}): Promise<EngineHijack> {
    return this.calls.hijack(await this.admit(id, request));
  }

  /** Like `hijack`, for the input and output of a process: what the engine frames is taken apart. */
  async terminal(id: 'ContainerAttach' | 'ExecStart', request: EngineRequest): Promise<Terminal> {
    const admission = await this.admit(id, request);
    const tty = admission.target?.tty === true;
    // The engine frames an exec's output by what its start says, not by what the exec is.
    const body = id === 'ExecStart' ? { ...(request.body as object), Tty: tty } : undefined;
    const { socket } = await this.calls.hijack({ ...admission, request: { ...admission.request, body } });
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
    return this.calls.whileAllowed(admission, signal, (live) =>
      this.rooms.streams.logs(admission.connection, id, { ...options, tty }, live),
    );
  }

  /** The log of a service, merged from all of its tasks, or of one task. Contract: `SwarmLogs.open`. */
  async swarmLogs(
    id: 'ServiceLogs' | 'TaskLogs',
    reference: string,
    options: ServiceLogOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly SwarmLine[]>> {
    const query = serviceLogQuery(options);
    const admission = await this.admit(id, { params: { id: reference }, query, signal });
    return this.rooms.open.whileRead(this.actor, signal, () =>
      this.calls.whileAllowed(admission, signal, (live) =>
        this.rooms.swarmLogs.open(admission, options.follow, live),
      ),
    );
  }

  /** A container's resource usage, shared with its other viewers. Contract: `Streams.stats`. */
  async stats(reference: string, signal: AbortSignal): Promise<AsyncIterable<StatsSample>> {
    const admission = await this.admit('ContainerStats', { params: { id: reference }, signal });
    const { id } = containerOf(admission);
    return this.calls.whileAllowed(admission, signal, (live) =>
      this.rooms.streams.stats(admission.connection, id, live),
    );
  }

  /**
   * What happens on the engine, as far as the actor may see the objects that it happens to. From now on it is shared with
   * its other viewers; what lies back is asked of the engine, which keeps its last 256 events.
   *
   * @param period Unix seconds, with up to nine decimals
   */
  async events(
    signal: AbortSignal,
    { since, until }: { since?: string | undefined; until?: string | undefined } = {},
  ): Promise<AsyncIterable<EngineEvent>> {
    const admission = await this.admit('SystemEvents', { signal });
    const { connection } = admission;
    const open = (source: (live: AbortSignal) => AsyncIterable<EngineEvent>) =>
      this.calls.whileAllowed(admission, signal, source);
    const events =
      since === undefined && until === undefined
        ? await open((live) => this.rooms.streams.events(connection, live))
        : await this.rooms.open.whileRead(this.actor, signal, () =>
            open((live) => pastEvents(connection, { since, until }, live)),
          );
    return this.rooms.visibility.events(admission, events);
  }

  /**
   * Like `events`, each as the engine wrote it where nothing of it is hidden: for who passes them on. It is asked of the engine
   * anew for each viewer, whose filters it knows best.
   */
  async eventTexts(
    query: NonNullable<EngineRequest['query']>,
    signal: AbortSignal,
  ): Promise<{ readonly headers: EngineStream['headers']; readonly texts: AsyncIterable<string> }> {
    const admission = await this.admit('SystemEvents', { query, signal });
    const { body, headers } = await this.rooms.open.until(
      this.actor,
      () => admission.connection.stream('SystemEvents', { query, signal }),
      (stream) => stream.body,
    );
    this.calls.endWithRight(admission, body);
    return { headers, texts: textsOf(body, (event) => this.rooms.visibility.event(admission, event)) };
  }

  /** Whether the engine is there, what it speaks, and which builder it has: for whoever may ask anything of it. */
  async ping(): Promise<EnginePing> {
    const { connection, rights, request } = await this.admit('SystemPing', {});
    const ping = await connection.ping(request.signal);
    // Clients that are told of BuildKit go there first, and take a refusal for a failure.
    return rights.mayAlways('builder:control')
      ? ping
      : { ...ping, builderVersion: ping.builderVersion && '1' };
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
   * The same for a call that is about to be made.
   *
   * @throws as `apiVersion`; `not_found`, recorded, for a look at an object of a kind of which the actor may see none
   */
  async apiVersionFor(id: OperationId, request: EngineRequest): Promise<string> {
    await this.rooms.admissions.requireEver(this.actor, this.name, id, request);
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
    const container = await this.rooms.finder.container(this.rooms.engines.get(this.name), reference, {
      seesAll: rights.mayAlways('containers:list'),
    });
    if (!container) return false;
    const { id, labels } = container;
    return rights.may(
      permission,
      this.rooms.authoriser.existing(this.actor, this.name, 'container', id, labels),
    );
  }

  /** Decides as for a call of the operation, and makes none: for dry runs. Refusals are recorded. */
  async rehearse(id: OperationId, request: EngineRequest): Promise<void> {
    await this.admit(id, request);
  }

  /** Whether the actor may do it to everything on the engine, also to what has neither labels nor owner. Nothing is recorded. */
  async mayAlways(permission: Permission): Promise<boolean> {
    return (await this.rooms.admissions.rightsOn(this.actor, this.name)).mayAlways(permission);
  }

  /** Whether there may be an object to which the actor may do it. Nothing is recorded. */
  async mayEver(permission: Permission): Promise<boolean> {
    return (await this.rooms.admissions.rightsOn(this.actor, this.name)).mayEver(permission);
  }

  /**
   * The ids of those of `objects` to which the actor may do all of `permissions`. For what an answer shows; calls are
   * decided on as they are made.
   */
  async allowed(
    kind: WatchedKindName,
    permissions: readonly Permission[],
    objects: readonly LabelledObject[],
  ): Promise<ReadonlySet<string>> {
    const rights = await this.rooms.admissions.rightsOn(this.actor, this.name);
    const scoped = this.rooms.authoriser.existingAll(this.actor, this.name, kind, objects);
    const allowed = new Set<string>();
    for (const [index, { id, repositories }] of objects.entries()) {
      const object = scoped[index];
      if (!object) continue;
      const held = { ...object, ...(repositories ? { repositories } : {}) };
      const answers = await Promise.all(permissions.map((permission) => rights.may(permission, held)));
      if (answers.every(Boolean)) allowed.add(id);
    }
    return allowed;
  }

  private admit(
    id: OperationId,
    request: EngineRequest,
    how: { passesOn?: boolean } = {},
  ): Promise<Admission> {
    // What is read for a client that has left is read for nobody; what changes something is carried through.
    const { signal } = operation(id).changes ? {} : requestContext();
    const admitted = signal && !request.signal ? { ...request, signal } : request;
    return this.rooms.admissions.admit(this.actor, this.name, id, admitted, how);
  }
}

function containerOf({ target }: Admission) {
  if (!target?.container) throw new DomainError('internal', 'A call about a container without one');
  return target.container;
}
