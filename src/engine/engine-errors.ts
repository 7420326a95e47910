import { STATUS_CODES } from 'node:http';
import { DomainError, type ErrorKind } from '../common/errors.js';

const RETRY_AFTER_SECONDS = 5;
const MAX_MESSAGE_LENGTH = 4096;

/** The engine answered, and the answer is an error. The message is the engine's own, with what to do where we can say. */
export class EngineAnswerError extends DomainError {
  constructor(
    kind: ErrorKind,
    /** The engine's own message. */
    readonly said: string,
    /** The engine's HTTP status. */
    readonly status: number,
  ) {
    super(kind, withAdvice(said, ADVICE[kind]));
    this.name = 'EngineAnswerError';
  }
}

/** A connection that could not be made, for a reason that is fit to be shown as it is. */
export class DialError extends Error {
  override readonly name = 'DialError';
}

/** How far a call had come when its connection failed. */
export type CallPhase = 'request' | 'stream';

/** The error for an answer with a status that is none of success. `body` is `{"message": "…"}`, or text. */
export function answerError(engine: string, status: number, body: string): EngineAnswerError {
  const message =
    messageIn(body) ?? `Engine "${engine}" answered ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const kind = answerKind(status, message);
  return new EngineAnswerError(kind, message, status);
}

/**
 * What the engine says, with statuses of a server's failure, of its place in a swarm: words of dockerd's cluster package
 * and of SwarmKit behind it, which have no codes.
 */
const SWARM_ANSWERS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/update out of sequence/i, 'conflict'],
  [/already part of a swarm/i, 'conflict'],
  [/join token is necessary|invalid join token|does not match fingerprint/i, 'invalid_input'],
  [/attempting to leave the swarm on a node that is participating as a manager/i, 'conflict'],
  [/swarm is encrypted and needs to be unlocked/i, 'swarm_locked'],
  [/swarm does not have a leader|lost quorum|no elected primary cluster manager/i, 'swarm_no_quorum'],
  [/node lost leader status|code = DeadlineExceeded/i, 'swarm_no_quorum'],
  [/worker nodes can't be used/i, 'swarm_worker'],
  [/not a swarm manager|not part of a swarm/i, 'swarm_inactive'],
];

/**
 * The state of the swarm stands against the call, though its input is right: the last manager is to be demoted, a secret is
 * in use.
 */
const AGAINST_STATE = /^rpc error: code = FailedPrecondition |is in use by the following service/;

/** Of a locked swarm: no right is missing, though that is the status. */
const WRONG_KEY = /swarm could not be unlocked: invalid key/;

/** What to do, in words of our own: the engine's are about its command line. */
const ADVICE: Readonly<Partial<Record<ErrorKind, string>>> = {
  swarm_inactive: 'Initialise a swarm on this engine, or have it join one.',
  swarm_worker: 'Ask an engine that manages this swarm, or have one of those promote this node.',
  swarm_locked: 'Unlock this engine with the unlock key of its swarm.',
  swarm_no_quorum:
    'Bring managers back until more than half of them are there. Where they are lost for good, initialise the swarm anew on this engine with forceNewCluster.',
};

function withAdvice(message: string, advice: string | undefined): string {
  return advice === undefined ? message : `${message.replace(/[\s.]*$/, '.')} ${advice}`;
}

function answerKind(status: number, message: string): ErrorKind {
  const ofSwarm = SWARM_ANSWERS.find(([words]) => words.test(message));
  if (status >= 500 && ofSwarm) return ofSwarm[1];
  if (status === 400 && AGAINST_STATE.test(message)) return 'conflict';
  if (WRONG_KEY.test(message)) return 'invalid_input';
  switch (status) {
    case 400:
      return 'invalid_input';
    case 404:
      return 'not_found';
    case 409:
      return 'conflict';
    case 501:
      return 'not_supported';
    default:
      return 'engine_error';
  }
}

function messageIn(body: string): string | undefined {
  const text = body.trim();
  if (text === '') return undefined;
  let message = text;
  try {
    const parsed = JSON.parse(text) as unknown;
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed)
      message = String(parsed.message);
  } catch {
    // Not JSON: a proxy in front of the engine, or Go's HTTP server itself, answers with plain text.
  }
  return message.slice(0, MAX_MESSAGE_LENGTH);
}

/**
 * The error for a connection that failed: the engine is named by its name, never by its address. Errors that already are the
 * domain's pass unchanged.
 */
export function connectionError(engine: string, error: unknown, phase: CallPhase = 'request'): DomainError {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  if (code.startsWith('HPE_')) {
    return new DomainError('engine_error', `What answers as engine "${engine}" does not speak HTTP.`, {
      cause: error,
    });
  }
  if (phase === 'stream')
    return unavailable(`Engine "${engine}" ended the stream before it was complete.`, error);
  if (error instanceof DialError)
    return unavailable(`Engine "${engine}" cannot be reached: ${error.message}`, error);
  if (TLS_FAILURE.test(code))
    return unavailable(`Engine "${engine}" cannot be reached by TLS: ${code}.`, error);
  return unavailable(`Engine "${engine}" ${REASONS[code] ?? 'cannot be reached'}.`, error);
}

// The code says what is wrong; Node's message would show the engine's address.
const TLS_FAILURE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;

const REASONS: Readonly<Partial<Record<string, string>>> = {
  ECONNREFUSED: 'is not running',
  ENOENT: 'is not running: there is no socket at its address',
  EACCES: 'may not be used: access to its socket is denied',
  EPERM: 'may not be used: access to its socket is denied',
  ETIMEDOUT: 'did not accept a connection in time',
  ENOTFOUND: 'cannot be reached: there is no such host',
  EAI_AGAIN: 'cannot be reached: its host name cannot be resolved now',
  ECONNRESET: 'closed the connection before it answered',
  EPIPE: 'closed the connection before it answered',
};

/** The engine did not answer within the time that the caller gave it. */
export function timeoutError(engine: string, timeoutMs: number): DomainError {
  return new DomainError(
    'engine_timeout',
    `Engine "${engine}" did not answer within ${timeoutMs / 1000} s.`,
    {
      retryAfter: RETRY_AFTER_SECONDS,
    },
  );
}

/** The caller's signal was aborted. */
export function cancelledError(reason: unknown): DomainError {
  return new DomainError('cancelled', 'The call to the engine was cancelled.', { cause: reason });
}

/** The connection to the engine is closed for good: the engine was removed, or the program stops. */
export function closedError(engine: string): DomainError {
  return new DomainError('engine_unavailable', `Engine "${engine}" is no longer connected.`);
}

/** Whether `error`, of `connectionError`, says that a connection which stood was broken off. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof DomainError && ['ECONNRESET', 'EPIPE'].includes(codeOf(error.cause));
}

function unavailable(message: string, cause: unknown): DomainError {
  return new DomainError('engine_unavailable', message, { retryAfter: RETRY_AFTER_SECONDS, cause });
}

/** The code that Node gives its errors, such as `ENOENT`; empty for what has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
