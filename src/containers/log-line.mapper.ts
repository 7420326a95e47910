import type { LogBatch, LogViewOptions } from '../gate/engine-handle.js';
import { toRfc3339 } from './engine-time.js';
import type { LogLinesQuery, LogsQuery } from './container-stream.inputs.js';
import type { LogLine } from './log-line.model.js';

export function toLogOptions({
  follow = false,
  tail,
  since,
  until,
  stdout,
  stderr,
}: LogsQuery): LogViewOptions {
  // Naming one stream asks for that one only, as one would say it.
  const both = stdout === undefined && stderr === undefined;
  return {
    follow,
    tail: tail ?? 'all',
    ...(since !== undefined ? { since: toRfc3339('since', since) } : {}),
    ...(until !== undefined ? { until: toRfc3339('until', until) } : {}),
    stdout: stdout ?? (both || stderr === false),
    stderr: stderr ?? (both || stdout === false),
  };
}

/** A gap is told in its place among the lines. */
export async function* toLogLines(
  batches: AsyncIterable<LogBatch>,
  { timestamps = true }: LogsQuery,
): AsyncGenerator<LogLine[]> {
  for await (const batch of batches) {
    if (batch.kind === 'gap') yield [{ stream: 'gap', message: batch.message, timestamp: null }];
    else if (timestamps) yield batch.lines as LogLine[];
    else yield batch.lines.map(({ stream, message }) => ({ stream, message, timestamp: null }));
  }
}

/** A line as plain text; with its time before it when that was asked for. */
export function toText({ message, timestamp }: LogLine, { timestamps = false }: LogLinesQuery): string {
  return timestamps && timestamp !== null ? `${timestamp} ${message}\n` : `${message}\n`;
}
