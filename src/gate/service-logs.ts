import { pipeline, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { MergedSources } from '../common/merged-sources.js';
import type { Permission } from '../common/permissions.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { OperationId } from '../engine/operations/index.js';
import { type ServiceLogLine, serviceLogLines } from '../engine/wire/service-log-lines.js';
import { OnlySwarmDetails } from '../engine/wire/swarm-details.js';
import { State } from '../state/state.js';
import type { TaskDocument } from '../state/swarm-documents.js';
import { engineTime, parseInstant } from '../streams/instant.js';
import { parseLogOptions } from '../streams/logs/log-options.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';

/** A line of a task, or word that lines of one are missing: `gap`, with the reason. */
export interface SwarmLine extends Omit<ServiceLogLine, 'stream'> {
  readonly stream: ServiceLogLine['stream'] | 'gap';
}

/** How often new tasks are looked for: memory lists them no more often. */
const LOOK_EVERY_MS = 1_000;
/** Each costs a connection to the engine while it is followed. */
const MOST_FOLLOWED = 500;

/** What a viewer asks of the log of a service or task. */
export interface ServiceLogOptions {
  /** Whether to go on with what tasks write later, also tasks that there are not yet. */
  readonly follow: boolean;
  /** How many of the lines that each task has written so far. */
  readonly tail: number | 'all';
  /** RFC 3339, up to nine decimals: nothing older than this. */
  readonly since?: string | undefined;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The query of ServiceLogs and TaskLogs. @throws DomainError `invalid_input` naming the option that is not right */
export function serviceLogQuery(options: ServiceLogOptions): NonNullable<EngineRequest['query']> {
  const { follow, tail, stdout, stderr } = parseLogOptions({ ...options, tty: false });
  const since = options.since === undefined ? undefined : parseInstant(options.since);
  return {
    follow,
    tail: String(tail),
    since: since === undefined ? undefined : engineTime(since),
    stdout,
    stderr,
    timestamps: true,
    details: true,
  };
}

/**
 * The logs of tasks, and of services as those of their tasks, each read by itself: engines lose lines, and at times never end,
 * where they are asked for the log of a service with several tasks (seen with 20.10).
 */
@Injectable()
export class SwarmLogs {
  constructor(
    private readonly state: State,
    private readonly authoriser: Authoriser,
  ) {}

  /**
   * The engine's own answer to ServiceLogs or TaskLogs, without the environment values that its details may tell.
   *
   * @throws DomainError `forbidden` for who may not read those, where the log has no frames to cut them out of
   */
  async asRead(
    admission: Admission,
    body: Readable,
  ): Promise<{ readonly body: Readable; readonly isCut: boolean }> {
    const error = await this.whyCut(admission);
    if (!error) return { body, isCut: false };
    if (await hasTerminal(admission)) {
      body.destroy();
      throw error;
    }
    const cut = new OnlySwarmDetails();
    pipeline(body, cut, () => undefined); // whichever fails takes the other with it: the last one tells how
    return { body: cut, isCut: true };
  }

  /** For a log that is passed on whole. @throws DomainError `forbidden` once it has to be cut */
  async requireWhole(admission: Admission): Promise<void> {
    const { actor, engine } = admission;
    const error = await this.whyCut({ ...admission, rights: await this.authoriser.rights(actor, engine) });
    if (error) throw error;
  }

  private async whyCut(admission: Admission): Promise<DomainError | undefined> {
    const { actor, engine, rights, request, target, operation } = admission;
    const permission = READ_ENVIRONMENT[operation.id];
    if (!permission || request.query?.['details'] !== true || !target?.object) return undefined;
    const object = this.authoriser.found(actor, engine, target.object);
    if (await rights.may(permission, object)) return undefined;
    return new DomainError('forbidden', `You need the permission ${permission} for the details of this log`);
  }

  /**
   * Read no faster than it is taken. Ends when all is read; with `follow` when the task has ended, or the service is gone.
   *
   * @param signal closes all that is open
   */
  async *open(
    admission: Admission,
    follow: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SwarmLine[]> {
    const left = new AbortController();
    const over = AbortSignal.any([signal, left.signal]);
    try {
      if (admission.target?.kind === 'task') {
        const task = (await admission.target.object?.document()) as TaskDocument;
        yield* linesOf(admission, task, over);
      } else if (follow) {
        yield* this.followed(admission, over);
      } else {
        for (const task of await this.tasks(admission))
          yield* orGap(linesOf(admission, task, over), task, over);
      }
    } finally {
      left.abort();
    }
  }

  /** Whichever has lines next; new tasks are taken in as they come. */
  private async *followed(admission: Admission, signal: AbortSignal): AsyncGenerator<readonly SwarmLine[]> {
    const seen = new Set<string>();
    const lines = new MergedSources<readonly SwarmLine[]>();
    try {
      for (;;) {
        for (const task of await this.tasks(admission)) {
          if (seen.has(task.ID)) continue;
          if (lines.size >= MOST_FOLLOWED)
            throw new DomainError(
              'too_many_requests',
              `More than ${MOST_FOLLOWED} tasks cannot be followed at once`,
            );
          seen.add(task.ID);
          lines.add(orGap(linesOf(admission, task, signal), task, signal));
        }
        if (lines.size === 0 && (await this.isGone(admission))) return;
        yield* lines.until(AbortSignal.any([signal, AbortSignal.timeout(LOOK_EVERY_MS)]));
        signal.throwIfAborted();
      }
    } finally {
      lines.close();
    }
  }

  /** Those that have, or had, a container, the oldest first. */
  private async tasks({ engine, target }: Admission): Promise<readonly TaskDocument[]> {
    const { records } = await this.state.of(engine, 'task').snapshot();
    return records
      .map(({ kept }) => kept)
      .filter(({ ServiceID, Status }) => ServiceID === target?.id && Status?.ContainerStatus?.ContainerID)
      .reverse();
  }

  private async isGone({ engine, target }: Admission): Promise<boolean> {
    const { records } = await this.state.of(engine, 'service').snapshot();
    return !records.some(({ id }) => id === target?.id);
  }
}

const READ_ENVIRONMENT: Readonly<Partial<Record<OperationId, Permission>>> = {
  ServiceLogs: 'services:readEnvironment',
  TaskLogs: 'tasks:readEnvironment',
};

async function hasTerminal({ target }: Admission): Promise<boolean> {
  const { Spec } = ((await target?.object?.document()) ?? {}) as {
    Spec?: TaskDocument['Spec'] & { TaskTemplate?: TaskDocument['Spec'] };
  };
  return (Spec?.TaskTemplate ?? Spec)?.ContainerSpec?.TTY === true;
}

async function* linesOf(
  { connection, request }: Admission,
  { ID, Spec }: TaskDocument,
  signal: AbortSignal,
): AsyncGenerator<readonly ServiceLogLine[]> {
  const { body } = await connection.stream('TaskLogs', {
    params: { id: ID },
    ...(request.query ? { query: request.query } : {}),
    signal,
  });
  try {
    yield* serviceLogLines(body as AsyncIterable<Buffer>, { tty: Spec.ContainerSpec?.TTY === true });
  } finally {
    body.destroy();
  }
}

/** One task whose log cannot be had, such as on a node that is down, does not keep back those of the others. */
async function* orGap(
  lines: AsyncIterable<readonly ServiceLogLine[]>,
  { ID, NodeID = '' }: TaskDocument,
  signal: AbortSignal,
): AsyncGenerator<readonly SwarmLine[]> {
  try {
    yield* lines;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DomainError)) throw error;
    const message = `Lines are missing here: ${error.message}`;
    yield [{ stream: 'gap', message, timestamp: '', taskId: ID, nodeId: NodeID }];
  }
}
