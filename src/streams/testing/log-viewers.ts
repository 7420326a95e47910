import { LogFollower } from '../logs/log-follower.js';
import type { LogBatch } from '../logs/log-batch.js';
import { type LogOptions, parseLogOptions } from '../logs/log-options.js';
import type { LogSource } from '../logs/log-source.js';
import { SharedLog, type SharedLogOptions } from '../logs/shared-log.js';
import { Viewer } from '../viewer.js';

const FOLLOW_ALL: LogOptions = { tty: false, follow: true, tail: 'all', stdout: true, stderr: true };

/** A shared log, by default with a ring of 2,000 lines. For tests. */
export function sharedLog(source: LogSource, options: Partial<SharedLogOptions> = {}): SharedLog {
  return new SharedLog(source, { ring: { items: 2_000, bytes: 1024 * 1024 }, patienceMs: 0, ...options });
}

/** A viewer of `log`, who wants all of it unless told otherwise. For tests. */
export function view(
  log: SharedLog,
  options: Partial<LogOptions> = {},
  signal: AbortSignal = new AbortController().signal,
): Viewer<LogBatch> {
  const follower = new LogFollower(log, parseLogOptions({ ...FOLLOW_ALL, ...options }));
  const viewer = new Viewer<LogBatch>(
    (stop) => ({ opened: log.upstream.opened, items: follower.items(stop) }),
    signal,
  );
  viewer.whenOver(() => follower.leave());
  return viewer;
}

/** The messages of the lines in `batch`; a gap reads as `GAP`. */
export function messagesOf(batch: LogBatch): string[] {
  return batch.kind === 'gap' ? ['GAP'] : batch.lines.map(({ message }) => message);
}

/** Reads until `count` messages have come or the viewer has ended. */
export async function take(viewer: Viewer<LogBatch>, count: number): Promise<string[]> {
  const messages: string[] = [];
  while (messages.length < count) {
    const result = await viewer.next();
    if (result.done === true) break;
    messages.push(...messagesOf(result.value));
  }
  return messages;
}

/** Reads until the viewer ends. */
export function takeAll(viewer: Viewer<LogBatch>): Promise<string[]> {
  return take(viewer, Infinity);
}

/** `from` to `to` as texts. */
export function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}
