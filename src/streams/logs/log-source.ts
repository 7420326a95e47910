import type { EngineConnection } from '../../engine/engine-connection.js';
import { type LogLine, logLines } from '../../engine/wire/log-lines.js';
import { engineTime } from '../instant.js';
import type { ViewerSource } from '../viewer.js';
import type { LogBatch } from './log-batch.js';
import type { LogWish } from './log-options.js';

export type { LogLine } from '../../engine/wire/log-lines.js';

/** One reading of a container's log, in the engine's terms (Engine API, ContainerLogs). */
export interface LogRead {
  readonly follow: boolean;
  readonly tail: number | 'all';
  /** Nanoseconds since the epoch; lines of that very instant are included. */
  readonly since?: bigint | undefined;
  /** Nanoseconds since the epoch; lines of that very instant are included. */
  readonly until?: bigint | undefined;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** What the log streams need of an engine: to read one container's log, always with time stamps. */
export interface LogSource {
  /**
   * Resolves when the engine has accepted. The lines come in the order of the log, are read no faster than they are taken, and
   * end where the log does, or when `signal` is aborted.
   */
  open(read: LogRead, signal: AbortSignal): Promise<AsyncIterable<readonly LogLine[]>>;
}

/** @param tty whether the container has a terminal (ContainerInspect, `Config.Tty`) */
export function engineLogSource(connection: EngineConnection, containerId: string, tty: boolean): LogSource {
  return {
    async open(read, signal) {
      const { body } = await connection.stream('ContainerLogs', {
        params: { id: containerId },
        query: {
          follow: read.follow,
          tail: String(read.tail),
          since: read.since === undefined ? undefined : engineTime(read.since),
          until: read.until === undefined ? undefined : engineTime(read.until),
          stdout: read.stdout,
          stderr: read.stderr,
          timestamps: true,
        },
        signal,
      });
      return logLines(body, { tty });
    },
  };
}

/** One viewer's reading of the log as it is now, straight from the engine. */
export function readLog(source: LogSource, wish: LogWish, stop: AbortSignal): ViewerSource<LogBatch> {
  const opening = source.open({ ...wish, follow: false }, stop);
  return { opened: opening.then(() => undefined), items: batchesOf(opening) };
}

async function* batchesOf(
  opening: Promise<AsyncIterable<readonly LogLine[]>>,
): AsyncGenerator<LogBatch, void, undefined> {
  for await (const lines of await opening) yield { kind: 'lines', lines };
}
