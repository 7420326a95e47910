import { PassThrough } from 'node:stream';
import type { ContainerInspectInfo } from 'dockerode';
import { DomainError } from '../../common/errors.js';
import type {
  EngineAnswer,
  EngineConnection,
  EnginePing,
  EngineRequest,
  EngineStream,
} from '../../engine/engine-connection.js';

const BORN = Date.UTC(2026, 0, 1);
const AWAY = new DomainError('engine_unavailable', 'Engine "scripted" is not running.');

/** An engine that has what a test gives it, and says what the test wants it to say. For tests. */
export class ScriptedEngine implements Pick<EngineConnection, 'name' | 'ping' | 'json' | 'stream'> {
  readonly name = 'scripted';
  /** What was asked so far: `ping`, `events`, `list`, or the id that was read. */
  readonly asked: string[] = [];
  /** The `since` of each subscription. */
  readonly since: unknown[] = [];
  /** The engine's clock, in milliseconds since the epoch. */
  time = BORN;
  private readonly documents = new Map<string, ContainerInspectInfo>();
  private readonly held: (() => void)[] = [];
  private holding = false;
  private isAway = false;
  private nextFailure: Error | undefined;
  private events: PassThrough | undefined;

  /** For what wants a whole connection, of which only these calls are made. */
  asConnection(): EngineConnection {
    return this as unknown as EngineConnection;
  }

  /** A container is there, or is different, and nobody is told. */
  put(
    id: string,
    {
      name = id,
      status = 'running',
      labels = {},
    }: Partial<Record<'name' | 'status', string>> & { labels?: Record<string, string> } = {},
  ): void {
    this.documents.set(id, {
      Id: id,
      Name: `/${name}`,
      Created: new Date(BORN).toISOString(),
      Path: 'sleep',
      Args: [],
      Image: 'sha256:0',
      State: { Status: status },
      Mounts: [],
      Config: { Image: 'busybox', Labels: labels, Tty: false },
      NetworkSettings: { Ports: {}, Networks: {} },
    } as unknown as ContainerInspectInfo);
  }

  /** A container is different in a way of which nobody is told. */
  change(id: string, change: Partial<ContainerInspectInfo>): void {
    const before = this.documents.get(id);
    if (before) this.documents.set(id, { ...before, ...change });
  }

  /** A container is gone, and nobody is told. */
  remove(id: string): void {
    this.documents.delete(id);
  }

  /** Tells of a container. */
  tell(id: string, action = 'update'): void {
    this.events?.write(
      `${JSON.stringify({
        Type: 'container',
        Action: action,
        Actor: { ID: id, Attributes: {} },
        time: Math.floor(this.time / 1_000),
        timeNano: this.time * 1e6,
      })}\n`,
    );
  }

  /** How many subscriptions there are now. */
  get listeners(): number {
    return this.events && !this.events.destroyed ? 1 : 0;
  }

  /** Does not answer any more, and its event stream breaks off. */
  die(): void {
    this.isAway = true;
    this.events?.destroy(AWAY);
  }

  /** Answers the next call that is not a ping with an error. */
  failNext(error: Error): void {
    this.nextFailure = error;
  }

  comeBack(): void {
    this.isAway = false;
  }

  /** Ends the event stream and answers on. */
  endEvents(): void {
    this.events?.end();
  }

  /** From now on lists and readings are as they were then, but come only with `release`. */
  hold(): void {
    this.holding = true;
  }

  release(): void {
    this.holding = false;
    for (const go of this.held.splice(0)) go();
  }

  ping(signal?: AbortSignal): Promise<EnginePing> {
    signal?.throwIfAborted();
    this.ask('ping');
    return Promise.resolve({ apiVersion: '1.41', time: this.time } as EnginePing);
  }

  stream(_operation: 'SystemEvents', { query, signal }: EngineRequest = {}): Promise<EngineStream> {
    this.ask('events');
    this.since.push(query?.['since']);
    const events = new PassThrough();
    signal?.addEventListener('abort', () => events.destroy(new DomainError('cancelled', 'left')));
    this.events = events;
    return Promise.resolve({ status: 200, headers: {}, body: events });
  }

  async json<T>(operation: string, { params = {} }: EngineRequest = {}): Promise<EngineAnswer<T>> {
    const others = NOTHING_ELSE[operation];
    if (others !== undefined) return { status: 200, headers: {}, body: others as T };
    const id = params['id'];
    this.ask(id ?? 'list');
    const body = operation === 'ContainerList' ? this.list() : this.documents.get(id ?? '');
    const { nextFailure } = this;
    this.nextFailure = undefined;
    if (nextFailure) throw nextFailure;
    if (this.holding) await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.isAway) throw AWAY;
    if (body === undefined) throw new DomainError('not_found', 'No such container');
    return { status: 200, headers: {}, body: body as T };
  }

  private list(): unknown[] {
    return [...this.documents.values()].map(({ Id, Name, State, Config }) => ({
      Id,
      Names: [Name],
      State: State.Status,
      Status: '',
      Labels: Config.Labels,
    }));
  }

  private ask(what: string): void {
    this.asked.push(what);
    if (this.isAway) throw AWAY;
  }
}

/** It has containers, and nothing else. */
const NOTHING_ELSE: Readonly<Partial<Record<string, unknown>>> = {
  ImageList: [],
  NetworkList: [],
  VolumeList: { Volumes: null },
};
