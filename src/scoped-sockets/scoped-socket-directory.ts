import { createServer } from 'node:http';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { Settings } from '../config/settings.js';
import type { StoredDoorway } from '../doorways/doorway.js';
import { DoorwayStore } from '../doorways/doorway-store.js';
import type { EngineListener } from '../doorways/engine-listener.js';
import { EngineListeners, SERVER_OPTIONS } from '../doorways/engine-listeners.js';
import { DoorwayCredentials } from '../identity/doorway-credentials.js';
import type { SocketStatus } from './scoped-socket.model.js';
import { type BoundFile, SocketFolder } from './socket-folder.js';

/** How late a change of another replica, an end, or that somebody was disabled is seen. Own changes are seen at once. */
const POLL_EVERY_MS = 2_000;

interface OpenSocket {
  readonly stored: StoredDoorway;
  readonly listener: EngineListener;
  readonly file: BoundFile;
}

/**
 * Keeps the sockets on this machine the same as those that are stored and good, whoever changed them. One that can't be opened is
 * tried again at each turn, and keeps neither the others nor the program from starting.
 */
@Injectable()
export class ScopedSocketDirectory implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly open = new Map<string, OpenSocket>();
  private readonly problems = new Map<string, string>();
  private readonly folder: SocketFolder;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private failing = false;
  private polling = false;
  /** The names that were there when the folder was last swept. */
  private tidied: string | undefined;
  private stopping = false;

  constructor(
    { socketDir }: Settings,
    private readonly store: DoorwayStore,
    private readonly credentials: DoorwayCredentials,
    private readonly listeners: EngineListeners,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.folder = new SocketFolder(socketDir);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.poll(), POLL_EVERY_MS).unref();
  }

  /** Nobody comes in any more; what goes on is given a moment to end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.working;
    await Promise.all([...this.open.values()].map(({ listener }) => listener.stop()));
    this.open.clear();
  }

  status(stored: StoredDoorway): SocketStatus {
    const path = this.folder.pathOf(stored.name);
    if (this.open.has(stored.id)) return { path, state: 'listening', problem: null };
    if (stored.disabled) return { path, state: 'disabled', problem: null };
    const problem = this.problems.get(stored.id);
    return problem === undefined
      ? { path, state: 'ended', problem: null }
      : { path, state: 'failed', problem };
  }

  /** @returns why a socket of this name can't be made; undefined where it can */
  tooLong(name: string): string | undefined {
    return this.folder.tooLong(name);
  }

  /** Resolves when all that is stored at the time of the call, and good, is open, and nothing else is. */
  refresh(): Promise<void> {
    const refreshed = this.working.then(() => this.apply());
    this.working = refreshed.catch(() => undefined);
    return refreshed;
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      await this.refresh();
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        this.logger.warn(
          { reason: messageOf(error) },
          'scoped sockets cannot be read from the database; those that are open stay',
        );
      this.failing = true;
    } finally {
      this.polling = false;
    }
  }

  private async apply(): Promise<void> {
    if (this.stopping) return;
    const stored = await this.store.all('scopedSocket');
    const live = await this.credentials.liveIds('scopedSocket');
    const wanted = new Map(stored.filter(({ id }) => live.has(id)).map((one) => [one.id, one]));
    for (const [id, open] of this.open) {
      if (wanted.get(id)?.revision === open.stored.revision && (await this.folder.holds(open.file))) continue;
      this.open.delete(id);
      open.listener.end();
    }
    for (const id of this.problems.keys()) if (!wanted.has(id)) this.problems.delete(id);
    await this.tidy(stored.map(({ name }) => name));
    for (const one of wanted.values()) if (!this.open.has(one.id)) await this.openOne(one);
  }

  /** Removes what is left of sockets that are gone, also while the program did not run. */
  private async tidy(names: readonly string[]): Promise<void> {
    const known = names.join(' ');
    if (known === this.tidied) return;
    this.tidied = known;
    try {
      await this.folder.sweep(new Set(names));
    } catch (error) {
      this.logger.warn({ reason: messageOf(error) }, 'sockets that are gone cannot be removed');
    }
  }

  private async openOne(stored: StoredDoorway): Promise<void> {
    const { id, name, file, engine } = stored;
    if (file === null) return;
    const server = createServer(SERVER_OPTIONS);
    const comer = { kind: 'scopedSocket', id, engine, name } as const;
    const listener = this.listeners.serve(server, {
      door: 'socket',
      address: `unix:${name}`,
      identify: () => comer,
    });
    try {
      await this.folder.prepare();
      const bound = await this.folder.listen(server, name, file);
      this.open.set(id, { stored, listener, file: bound });
      this.problems.delete(id);
    } catch (error) {
      listener.end();
      const problem = messageOf(error);
      if (this.problems.get(id) !== problem)
        this.logger.error({ socket: name, reason: problem }, 'a scoped socket cannot be opened');
      this.problems.set(id, problem);
    }
  }
}
