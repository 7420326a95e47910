import { DomainError } from '../../common/errors.js';
import { parseInstant } from '../instant.js';
import type { LogLine } from '../../engine/wire/log-lines.js';

/** What a viewer wants to see of a container's log. */
export interface LogOptions {
  /** Whether the container has a terminal (ContainerInspect, `Config.Tty`): its lines are then all of the stream `console`. */
  readonly tty: boolean;
  /** Whether to go on with what is written later, until the container stops. */
  readonly follow: boolean;
  /** How many of the lines written so far, counted before `stdout` and `stderr` are applied, as the engine does. */
  readonly tail: number | 'all';
  /** RFC 3339, up to nine decimals: nothing older than this, by the time at which the engine got the line. */
  readonly since?: string | undefined;
  /** RFC 3339, up to nine decimals: nothing newer than this. With `follow`, the viewer ends when that time has come. */
  readonly until?: string | undefined;
  /** Standard output; with a terminal, all output. */
  readonly stdout: boolean;
  /** Standard error; with a terminal there is none. */
  readonly stderr: boolean;
}

/** `LogOptions`, checked and with its times as nanoseconds since the epoch. */
export interface LogWish {
  readonly follow: boolean;
  readonly tail: number | 'all';
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** @throws DomainError `invalid_input` naming the option that is not right */
export function parseLogOptions(options: LogOptions): LogWish {
  const { follow, tail, stdout, stderr } = options;
  if (tail !== 'all' && !(Number.isSafeInteger(tail) && tail >= 0))
    throw invalid('tail', 'must be "all" or a whole number from 0');
  if (!stdout && !stderr) throw invalid('stdout', 'must be true where stderr is not');
  const since = instantOf('since', options.since);
  const until = instantOf('until', options.until);
  return { follow, tail, since, until, stdout, stderr };
}

/** Whether a line of `stream` is among what the viewer wants. A terminal's output counts as standard output, as with the engine. */
export function isWanted(wish: LogWish, stream: LogLine['stream']): boolean {
  return stream === 'stderr' ? wish.stderr : wish.stdout;
}

function instantOf(field: 'since' | 'until', text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined)
    throw invalid(field, 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z');
  return instant;
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
