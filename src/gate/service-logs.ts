import { DomainError } from '../common/errors.js';
import type { EngineRequest, EngineStream } from '../engine/engine-connection.js';
import { type ServiceLogLine, serviceLogLines } from '../engine/wire/service-log-lines.js';
import type { ServiceDocument, TaskDocument } from '../state/swarm-documents.js';
import { engineTime, parseInstant } from '../streams/instant.js';
import { parseLogOptions } from '../streams/logs/log-options.js';
import type { Admission } from './admission.js';

export type { ServiceLogLine } from '../engine/wire/service-log-lines.js';

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
 * The lines of a log that was opened, read no faster than they are taken. Where nobody reads on, the engine's stream is
 * closed.
 */
export async function* linesOf(
  admission: Admission,
  { body }: Pick<EngineStream, 'body'>,
): AsyncGenerator<ServiceLogLine[]> {
  try {
    yield* serviceLogLines(body as AsyncIterable<Buffer>, { tty: await hasTerminal(admission) });
  } finally {
    body.destroy();
  }
}

async function hasTerminal({ target }: Admission): Promise<boolean> {
  if (!target?.object) throw new DomainError('internal', 'A log of nothing');
  const document = (await target.object.document()) as ServiceDocument | TaskDocument;
  const template = target.kind === 'task' ? document.Spec : (document as ServiceDocument).Spec.TaskTemplate;
  const { ContainerSpec } = (template ?? {}) as { ContainerSpec?: { TTY?: boolean } };
  return ContainerSpec?.TTY === true;
}
