import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { QueryValue } from './http/request-head.js';
import type { ApiVersion, OperationId } from './operations/index.js';

export type { QueryValue } from './http/request-head.js';

/** What an operation is called with. */
export interface EngineRequest {
  /** Path parameters, by their names in the operation's path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with back-pressure, as `application/x-tar` unless `headers` says otherwise. Never together with `body`. */
  readonly upload?: Readable;
  /** Hop-by-hop headers, `Host`, `Authorization` and cookies among them are left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call, or the stream that came of it, with a `cancelled` error. */
  readonly signal?: AbortSignal;
  /**
   * The longest time without progress until the answer is there: all of it for `json`, its headers for the others. In
   * milliseconds; 0 means no limit. Unless given it is a minute, and no limit for work that may take any time.
   */
  readonly timeoutMs?: number;
  /** For `hijack`: what to upgrade to, `tcp` unless given. BuildKit's sessions want `h2c`, attaching by WebSocket `websocket`. */
  readonly upgradeTo?: 'tcp' | 'h2c' | 'websocket';
}

/** A whole answer. */
export interface EngineAnswer<T> {
  /** 2xx, or 304 from an operation that had nothing to do (start, stop). */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; text where the engine sends text; undefined where it sends nothing. */
  readonly body: T;
}

/** An answer whose body goes on. */
export interface EngineStream {
  /** 2xx, or 304. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /**
   * Fails with a DomainError, `engine_unavailable` when it breaks off; it never just ends then. Destroying it closes the
   * connection to the engine.
   */
  readonly body: Readable;
}

/** A connection that the engine gave up for a raw two-way stream. */
export interface EngineHijack {
  /** Of the engine's 101; `content-type` says whether the stream is multiplexed. */
  readonly headers: IncomingHttpHeaders;
  /** `end()` closes our side only. Fails with a DomainError. To be ended or destroyed also after the engine has ended its side. */
  readonly socket: Duplex;
}

/** What an engine says of itself when it is asked whether it is there. */
export interface EnginePing {
  /** The newest API version that it speaks; empty when it names none. */
  readonly apiVersion: string;
  /** `linux` or `windows`. */
  readonly osType: string | undefined;
  /** `1` for the classic builder, `2` for BuildKit. */
  readonly builderVersion: string | undefined;
  /** `inactive`, `pending`, `error`, `locked`, `active/worker` or `active/manager`. */
  readonly swarm: string | undefined;
  readonly experimental: boolean;
  /** The engine's clock, in milliseconds since the epoch, to the second; undefined where it does not tell. */
  readonly time: number | undefined;
}

/**
 * One engine. All calls speak one API version, negotiated when it is first needed and again after the engine was away.
 *
 * Every method throws only DomainErrors: `engine_unavailable` (away, or went away), `engine_timeout`, `cancelled`,
 * `not_supported` (engine or its API too old), and for an answer that is an error an `EngineAnswerError` with the engine's message
 * and status. Redirects are never followed.
 */
export interface EngineConnection {
  /** The engine's name in Dockmaster. */
  readonly name: string;

  /** Calls an operation and reads its whole answer. */
  json<T>(operation: OperationId, request?: EngineRequest): Promise<EngineAnswer<T>>;

  /** Like `json`, with the body as the engine wrote it: for who passes it on. */
  bytes(operation: OperationId, request?: EngineRequest): Promise<EngineAnswer<Buffer>>;

  /** Calls an operation and resolves when the headers of its answer are there. */
  stream(operation: OperationId, request?: EngineRequest): Promise<EngineStream>;

  /** Calls an operation that takes the connection over; resolves only after the engine's 101. */
  hijack(operation: OperationId, request?: EngineRequest): Promise<EngineHijack>;

  /** The API version that is spoken with the engine, negotiated if it was not yet. */
  apiVersion(): Promise<ApiVersion>;

  /** Asks whether the engine is there, whatever API version it speaks. */
  ping(signal?: AbortSignal): Promise<EnginePing>;

  /** Ends all that goes on with `engine_unavailable` and closes every connection. Later calls fail. */
  close(): Promise<void>;
}
