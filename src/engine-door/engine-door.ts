import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { DomainError } from '../common/errors.js';
import { LOGGER, requestLogger } from '../common/logging.js';
import { runInRequestContext } from '../common/request-context.js';
import { requestId } from '../http/request-id.js';
import { ownHeaders, passedOn } from './answer-headers.js';
import { answerPlain, DoorAnswers, pass, send } from './door-answers.js';
import { type DoorCall, DoorCalls, type OpenCall } from './door-call.js';
import type { DoorVisit } from './door-visit.js';
import { toDockerError } from './docker-error.js';
import { discardRest, takeBytes } from './leftovers.js';
import { readUpTo } from './request-body.js';
import { tunnel } from './tunnel.js';
import { requireUpgrade, upgradeHeaders, type UpgradeProtocol } from './upgrades.js';

export type { DoorVisit } from './door-visit.js';

/** What goes on until somebody ends it: a stop does not wait for it. */
const ENDLESS: ReadonlySet<string> = new Set([
  'ContainerLogs',
  'ContainerStats',
  'ContainerWait',
  'ServiceLogs',
  'SystemEvents',
  'TaskLogs',
]);

/**
 * The Engine API itself, for Docker's own clients. A request is read as exactly one operation, decided on by the gate like any
 * other call, and sent on as we write it. Errors are the engine's own: `{"message": …}`.
 */
@Injectable()
export class EngineDoor implements OnModuleDestroy {
  private readonly goingOn = new Set<() => void>();
  private readonly requests: Logger;
  private stopping = false;

  constructor(
    private readonly calls: DoorCalls,
    private readonly answers: DoorAnswers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.requests = requestLogger(logger);
  }

  /** Answers one request. Never rejects: what goes wrong is the answer. */
  async request(request: IncomingMessage, response: ServerResponse, visit: DoorVisit): Promise<void> {
    const left = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    await this.inContext(request, visit, left.signal, async (id, log) => {
      response.once('close', () => log(response.statusCode));
      response.once('finish', () => {
        if (this.stopping) setImmediate(() => request.socket.end());
      });
      for (const [name, value] of Object.entries(ownHeaders(id))) response.setHeader(name, value ?? '');
      if (this.stopping) response.setHeader('connection', 'close');
      try {
        const open = await this.calls.open(request, visit);
        await this.serve(open, request, response, left.signal);
      } catch (thrown) {
        this.refuse(thrown, request, response);
      }
    });
  }

  /**
   * Answers a request to upgrade. The connection is given over only after the engine has given over its own; in all other cases it
   * is closed after the answer, so that nothing that was sent behind the request is taken for another one. Never rejects.
   */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, visit: DoorVisit): Promise<void> {
    const left = new AbortController();
    socket.once('close', () => left.abort());
    socket.on('error', (error) => this.logger.debug({ err: error }, 'connection failed'));
    if (head.length > 0) socket.unshift(head);
    await this.inContext(request, visit, left.signal, async (id, log) => {
      try {
        const open = await this.calls.open(request, visit);
        await this.serveUpgrade(open, request, socket, { id, signal: left.signal, log });
      } catch (thrown) {
        const { status, body } = this.told(thrown);
        answerAndClose(socket, id, { status, headers: JSON_HEADERS, body: bytesOf(body) });
        log(status);
      }
    });
  }

  onModuleDestroy(): void {
    this.stopping = true;
    for (const end of this.goingOn) end();
  }

  private async serve(
    open: OpenCall,
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    // The body is asked for only now, by whoever reads it first.
    const waits = request.headers.expect !== undefined;
    const goOn = () => {
      if (waits && !response.headersSent) response.writeContinue();
    };
    const call = await this.calls.read(open, request, (maxBytes) => {
      goOn();
      return readUpTo(request, maxBytes);
    });
    if (call.request.upload) request.once('resume', goOn);
    const { nature, id } = call.operation;
    if (nature === 'websocket') throw new DomainError('invalid_input', `${id} takes a WebSocket`);
    if (nature === 'hijack') {
      await this.hijackWithoutUpgrade(call, response, signal);
      return;
    }
    await this.untilStopped(
      ENDLESS.has(id),
      () => response.destroy(),
      () => this.answers.answer(call, response, signal),
    );
  }

  /** As clients of old do it: the answer's body is the stream, and ends with the connection. */
  private async hijackWithoutUpgrade(
    call: DoorCall,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const { engine, operation, request } = call;
    if (isDetached(call)) return answerPlain(call, response);
    if (operation.id !== 'ContainerAttach' && operation.id !== 'ExecStart')
      throw new DomainError('invalid_input', `${operation.id} takes an upgrade of the connection`);
    const { upload, ...rest } = request;
    const { headers, socket } = await engine.hijack(operation.id, { ...rest, signal });
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.writeHead(200, passedOn(headers));
    response.flushHeaders();
    upload?.pipe(socket);
    await this.untilStopped(
      true,
      () => response.destroy(),
      () => pass(socket, response),
    );
  }

  private async serveUpgrade(
    open: OpenCall,
    request: IncomingMessage,
    socket: Duplex,
    { id, signal, log }: { id: string; signal: AbortSignal; log: (status: number) => void },
  ): Promise<void> {
    const upgradeTo: UpgradeProtocol = requireUpgrade(open.operation, request);
    const length = Number(request.headers['content-length'] ?? 0);
    const call = await this.calls.read(open, request, (maxBytes) => takeBytes(socket, length, maxBytes));
    const { engine, operation } = call;
    if (isDetached(call)) {
      const { status, headers, body } = await engine.bytes(operation.id, call.request);
      answerAndClose(socket, id, { status, headers: passedOn(headers), body });
      log(status);
      return;
    }
    const headers = { ...call.request.headers, ...upgradeHeaders(upgradeTo, request.headers) };
    const answer = await engine.hijack(operation.id, { ...call.request, headers, upgradeTo, signal });
    const told = {
      ...passedOn(answer.headers),
      connection: 'Upgrade',
      upgrade: upgradeTo,
      'x-request-id': id,
    };
    socket.write(headOf(101, told));
    await this.untilStopped(
      true,
      () => socket.destroy(),
      () => tunnel(socket, answer.socket),
    );
    log(101);
  }

  private refuse(thrown: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent) {
      // Nothing else can tell the client that what it has is not all.
      this.logger.debug({ err: thrown }, 'an answer of the door broke off');
      response.destroy();
      return;
    }
    const { status, retryAfter, body } = this.told(thrown);
    if (!request.complete && request.headers.expect !== undefined) response.setHeader('connection', 'close');
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    send(response, status, JSON_HEADERS, bytesOf(body));
    discardRest(request);
  }

  private told(thrown: unknown) {
    const told = toDockerError(thrown);
    if (told.error.kind === 'internal') this.logger.error({ err: thrown }, 'a request at the door failed');
    return told;
  }

  private async untilStopped(counts: boolean, end: () => void, work: () => Promise<void>): Promise<void> {
    if (!counts) return work();
    if (this.stopping) throw new DomainError('unavailable', 'Dockmaster is shutting down');
    this.goingOn.add(end);
    try {
      await work();
    } finally {
      this.goingOn.delete(end);
    }
  }

  private async inContext(
    request: IncomingMessage,
    { address, door = 'engine' }: DoorVisit,
    signal: AbortSignal,
    work: (id: string, log: (status: number) => void) => Promise<void>,
  ): Promise<void> {
    const id = requestId(request);
    const userAgent = request.headers['user-agent'];
    const started = performance.now();
    const log = (status: number) =>
      this.requests.info(
        {
          requestId: id,
          method: request.method,
          path: request.url?.split('?', 1)[0]?.slice(0, 200),
          status,
          durationMs: Math.round(performance.now() - started),
          address,
        },
        'request',
      );
    await runInRequestContext({ requestId: id, address, userAgent, door, signal }, () => work(id, log));
  }
}

const JSON_HEADERS = { 'content-type': 'application/json' };

function bytesOf(body: object): Buffer {
  return Buffer.from(`${JSON.stringify(body)}\n`);
}

/** An exec that nobody waits for is started by a plain call. */
function isDetached({ operation, request }: DoorCall): boolean {
  return operation.id === 'ExecStart' && (request.body as { Detach?: unknown } | undefined)?.Detach === true;
}

function headOf(status: number, headers: OutgoingHttpHeaders): string {
  const reason = status === 101 ? 'UPGRADED' : (STATUS_CODES[status] ?? '');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  return [`HTTP/1.1 ${status} ${reason}`, ...lines, '', ''].join('\r\n');
}

function answerAndClose(
  socket: Duplex,
  id: string,
  { status, headers, body }: { status: number; headers: OutgoingHttpHeaders; body: Buffer },
): void {
  const head = { ...ownHeaders(id), ...headers, connection: 'close', 'content-length': body.length };
  socket.end(Buffer.concat([Buffer.from(headOf(status, head)), body]));
  discardRest(socket);
}
