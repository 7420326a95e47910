import type { IncomingMessage } from 'node:http';
import { DomainError } from '../common/errors.js';
import { assertSupported, chooseApiVersion } from './api-version.js';
import { dialerFor } from './dial/dialer-for.js';
import type { Dialer } from './dial/dialer.js';
import type { EngineAddress } from './engine-address.js';
import type {
  EngineAnswer,
  EngineConnection,
  EngineHijack,
  EnginePing,
  EngineRequest,
  EngineStream,
} from './engine-connection.js';
import { assertUsableSsh, type EngineSsh } from './engine-ssh.js';
import { assertUsableTls, type EngineTls } from './engine-tls.js';
import { contentOf, isSuccess, refusal, statusOf } from './http/answer.js';
import { guardStream, readBytes, readWhole, withDomainErrors } from './http/answer-body.js';
import { CallGuard } from './http/call-guard.js';
import { EngineAgent } from './http/engine-agent.js';
import { exchange } from './http/exchange.js';
import { hijack } from './http/hijack.js';
import { PlainCaller } from './http/plain-call.js';
import {
  jsonContent,
  queryString,
  requestHeaders,
  uploadContent,
  type RequestContent,
  type RequestHead,
} from './http/request-head.js';
import { type ApiVersion, OPERATIONS, pathOf, type Operation, type OperationId } from './operations/index.js';
import { CONNECT_TIMEOUT_MS, defaultTimeout, PING_TIMEOUT_MS } from './time-limits.js';
import { VersionNegotiation } from './version-negotiation.js';

export interface EngineConnectionOptions {
  /** Certificates, for an address with TLS. */
  readonly tls?: EngineTls | undefined;
  /** Key and known hosts, for an address by ssh. */
  readonly ssh?: EngineSsh | undefined;
  readonly connectTimeoutMs?: number;
  /** The largest whole answer that is read. */
  readonly maxAnswerBytes?: number;
  /** The OpenSSH client, for an address by ssh. */
  readonly sshCommand?: string;
}

/** The largest whole answer that is read unless told; 30,000 containers, listed, are about a tenth of it. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** Plain calls at one time; more wait their turn. An ssh server takes ten sessions on one connection unless told. */
const MAX_PLAIN = { socket: 256, ssh: 8 };
/** Streams at one time, on connections of their own: however many are watched, plain calls find one free. */
const MAX_STREAMS = 1024;
/** Connections that are kept while nothing uses them. */
const MAX_IDLE = { plain: 32, stream: 4 };

/** An engine reached by HTTP/1.1, over whatever transport its address names. */
export class HttpEngineConnection implements EngineConnection {
  readonly name: string;
  readonly #dialer: Dialer;
  readonly #plainAgent: EngineAgent;
  readonly #streamAgent: EngineAgent;
  readonly #plain: PlainCaller;
  readonly #maxAnswerBytes: number;
  readonly #closed = new AbortController();
  readonly #versions = new VersionNegotiation(async () =>
    chooseApiVersion(this.name, (await this.ping()).apiVersion),
  );

  /** @throws DomainError `invalid_input` for certificates and keys that cannot be used */
  constructor(name: string, address: EngineAddress, options: EngineConnectionOptions = {}) {
    const { connectTimeoutMs = CONNECT_TIMEOUT_MS, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
    if (options.tls !== undefined) assertUsableTls(options.tls, `the certificates for engine "${name}"`);
    if (options.ssh !== undefined) assertUsableSsh(options.ssh);
    this.name = name;
    this.#maxAnswerBytes = maxAnswerBytes;
    this.#dialer = dialerFor(address, { ...options, connectTimeoutMs });
    this.#plainAgent = new EngineAgent(this.#dialer, {
      maxSockets: address.transport === 'ssh' ? MAX_PLAIN.ssh : MAX_PLAIN.socket,
      maxFreeSockets: MAX_IDLE.plain,
      onConnectionLoss: () => this.#versions.forget(),
    });
    this.#streamAgent = new EngineAgent(this.#dialer, {
      maxSockets: MAX_STREAMS,
      maxFreeSockets: MAX_IDLE.stream,
    });
    this.#plain = new PlainCaller(name, this.#plainAgent);
  }

  async json<T>(id: OperationId, request: EngineRequest = {}): Promise<EngineAnswer<T>> {
    return this.#whole(id, request, (answer, bytes) => contentOf(this.name, answer, bytes.toString()) as T);
  }

  async bytes(id: OperationId, request: EngineRequest = {}): Promise<EngineAnswer<Buffer>> {
    return this.#whole(id, request, (_, bytes) => bytes);
  }

  async stream(id: OperationId, request: EngineRequest = {}): Promise<EngineStream> {
    return this.#call(id, request, async (operation, _timeoutMs, guard) => {
      const answer = await this.#exchange(operation, request, guard);
      if (!isSuccess(answer)) throw await refusal(this.name, answer, guard);
      guard.stopTimer();
      const body = withDomainErrors(this.name, answer);
      guardStream(body, guard);
      return { status: statusOf(answer), headers: answer.headers, body };
    });
  }

  async hijack(id: OperationId, request: EngineRequest = {}): Promise<EngineHijack> {
    return this.#call(id, request, async (operation, _timeoutMs, guard) => {
      const content = jsonContent(request.body);
      const head = await this.#head(operation, request, content, guard);
      const upgradeTo = request.upgradeTo ?? 'tcp';
      const outcome = await hijack(this.name, this.#dialer, head, content.data, upgradeTo, guard);
      if (!outcome.upgraded) throw await refusal(this.name, outcome.answer, guard);
      guard.stopTimer();
      const socket = withDomainErrors(this.name, outcome.socket);
      guardStream(socket, guard);
      return { headers: outcome.headers, socket };
    });
  }

  apiVersion(): Promise<ApiVersion> {
    return this.#versions.version();
  }

  async ping(signal?: AbortSignal): Promise<EnginePing> {
    const guard = new CallGuard(this.name, {
      signal,
      timeoutMs: PING_TIMEOUT_MS,
      closed: this.#closed.signal,
    });
    try {
      guard.signal.throwIfAborted();
      const head: RequestHead = { method: 'GET', path: '/_ping', headers: requestHeaders() };
      const answer = await this.#plain.send(() => Promise.resolve(head), undefined, guard);
      if (statusOf(answer) !== 200) {
        const { message } = await refusal(this.name, answer, guard);
        throw new DomainError(
          'engine_error',
          `What answers as engine "${this.name}" refused a ping: ${message}`,
        );
      }
      await readWhole(this.name, answer, guard, this.#maxAnswerBytes);
      const { headers } = answer;
      return {
        apiVersion: String(headers['api-version'] ?? ''),
        osType: optional(headers.ostype),
        builderVersion: optional(headers['builder-version']),
        swarm: optional(headers.swarm),
        experimental: headers['docker-experimental'] === 'true',
        time: timeOf(headers.date),
      };
    } finally {
      guard.release();
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#plainAgent.destroy();
    this.#streamAgent.destroy();
    await this.#dialer.close();
  }

  async #call<T>(
    id: OperationId,
    request: EngineRequest,
    work: (operation: Operation, timeoutMs: number, guard: CallGuard) => Promise<T>,
  ): Promise<T> {
    const operation = OPERATIONS[id];
    const timeoutMs = request.timeoutMs ?? defaultTimeout(operation, request.upload !== undefined);
    const guard = new CallGuard(this.name, {
      signal: request.signal,
      timeoutMs,
      closed: this.#closed.signal,
    });
    try {
      guard.signal.throwIfAborted();
      return await work(operation, timeoutMs, guard);
    } catch (error) {
      guard.release();
      if (error instanceof DomainError && error.kind === 'engine_unavailable') this.#versions.forget();
      throw error;
    }
  }

  #whole<T>(
    id: OperationId,
    request: EngineRequest,
    read: (answer: IncomingMessage, bytes: Buffer) => T,
  ): Promise<EngineAnswer<T>> {
    return this.#call(id, request, async (operation, timeoutMs, guard) => {
      const json = request.upload === undefined ? jsonContent(request.body) : undefined;
      // What may take any time has no place among the calls that others wait for.
      const answer =
        json === undefined || timeoutMs === 0
          ? await this.#exchange(operation, request, guard)
          : await this.#plain.send(() => this.#head(operation, request, json, guard), json.data, guard);
      if (!isSuccess(answer)) throw await refusal(this.name, answer, guard);
      const bytes = await readBytes(this.name, answer, guard, this.#maxAnswerBytes);
      guard.release();
      return { status: statusOf(answer), headers: answer.headers, body: read(answer, bytes) };
    });
  }

  /** A call outside the pool of plain ones. */
  async #exchange(operation: Operation, request: EngineRequest, guard: CallGuard): Promise<IncomingMessage> {
    const { upload, headers, body } = request;
    const content = upload === undefined ? jsonContent(body) : uploadContent(upload, headers);
    const head = await this.#head(operation, request, content, guard);
    return exchange(this.name, this.#streamAgent, head, content.data, guard);
  }

  async #head(
    operation: Operation,
    request: EngineRequest,
    content: RequestContent,
    guard: CallGuard,
  ): Promise<RequestHead> {
    const path = pathOf(operation, request.params) + queryString(request.query);
    const headers = { ...requestHeaders(request.headers), ...content.headers };
    const version = await guard.race(this.#versions.version());
    assertSupported(this.name, operation, version);
    return { method: operation.method, path: `/v${version}${path}`, headers };
  }
}

function optional(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function timeOf(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
