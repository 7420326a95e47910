import type { ErrorKind } from '../../../src/common/errors.js';
import type { EngineRequest } from '../../../src/engine/engine-connection.js';
import type { StreamType } from '../http-stream.js';
import type { Call } from './scene.js';
import type { Cell } from './table.js';

/** The kind of object that a call is about, where it can be somebody's. */
export type ObjectKind =
  | 'audit record'
  | 'binding'
  | 'container'
  | 'exec'
  | 'image'
  | 'job'
  | 'network'
  | 'session'
  | 'swarm object'
  | 'team'
  | 'token'
  | 'user'
  | 'volume';

/** How a call is made, and how its answer is to be read. It has to succeed for whoever may make it. */
export interface Sample {
  /** Undefined for what is about no object that could be another's. */
  readonly on?: ObjectKind;
  /** What the answer holds where the caller sees, or has changed, the object. For lists and what changes many. */
  readonly shows?: (call: Call) => string;
  /** What only a caller that is allowed is told, where it cannot succeed here. */
  readonly meets?: readonly ErrorKind[];
  /** Refusals in other words. */
  readonly refusedBy?: readonly ErrorKind[];
}

type Given<T> = (call: Call) => T | Promise<T>;
type Fields = Readonly<Record<string, unknown>>;

/** Keyed by `METHOD /path`, as in the OpenAPI document, and `?watch=true` for its other half; a WebSocket's method is `WS`. */
export interface RestSample extends Sample {
  /** What the path holds, besides `engine`, which is always `local`. */
  readonly path?: Given<Readonly<Record<string, string>>>;
  readonly query?: Given<Readonly<Record<string, string>>>;
  readonly body?: Given<Fields>;
  /** Sends an empty archive. */
  readonly archive?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes on: is left once its answer has begun. */
  readonly stream?: StreamType;
  /** A stream that first tells all there is: is left once it did. */
  readonly tellsAll?: true;
  /** What makes a stream tell something: a change of the object and of what everybody sees, or a record. */
  readonly poke?: 'container' | 'audit';
  /** Another access token of the same actor. */
  readonly with?: Given<string | undefined>;
}

/** Keyed by `Type.field`. */
export interface GraphqlSample extends Sample {
  /** Besides `engine`, which is always `local`. */
  readonly args?: Given<Fields>;
  /** For a field of something else: what answers with that, and `%` where the field goes. */
  readonly below?: Given<string>;
  readonly tellsAll?: true;
  /** For a subscription, as for a stream. */
  readonly poke?: 'container' | 'audit' | 'webhook';
}

/** Keyed by operationId. */
export interface EngineSample extends Sample {
  /** The target's id or name, for an operation that names one. */
  readonly target?: (call: Call) => string;
  readonly request?: (call: Call) => EngineRequest;
}

/** What a call was answered with. */
export interface Answer {
  /** Undefined for a success. */
  readonly code: string | undefined;
  readonly text: string;
}

/** @throws Error for an answer that tells nothing about what the caller may: the sample has to be mended */
export function judge(name: string, sample: Sample, call: Call, { code, text }: Answer): Cell {
  if (code === undefined) {
    return sample.shows && !text.includes(sample.shows(call)) ? 'hidden' : 'yes';
  }
  const isOneOf = (kinds: readonly string[] = []) => kinds.includes(code);
  if (isOneOf(sample.meets)) return 'yes';
  if (isOneOf(['forbidden', 'policy_violation']) || isOneOf(sample.refusedBy)) return 'no';
  if (code === 'unauthenticated') return 'sign in';
  if (code === 'not_found') return 'hidden';
  throw new Error(`${name} as ${call.column}: ${code}: ${text.slice(0, 500)}`);
}
