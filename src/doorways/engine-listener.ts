import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as elapse } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AuditService } from '../audit/audit.service.js';
import { recordingRefusal } from '../audit/refusals.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { type Door, requestContext } from '../common/request-context.js';
import type { DoorVisit, EngineDoor } from '../engine-door/engine-door.js';
import type { AuthenticationService } from '../identity/authentication.service.js';
import type { DoorwayKind } from './doorway.js';

/** Most connections at a time to one socket, and to all certificates. */
const MAX_CONNECTIONS = 1_000;

/** By which scoped socket or client certificate somebody has come. */
export interface Comer {
  readonly kind: DoorwayKind;
  readonly id: string;
  /** For the audit trail. */
  readonly name: string;
  readonly engine: string;
}

/** Who comes by a server, and how that is called in the audit trail. */
export interface Entrance {
  readonly door: Door;
  /** For who has no address of its own. */
  readonly address: string;
  /** @throws DomainError for who is let in by nothing, which is told to the client */
  readonly identify: (socket: Duplex) => Comer | Promise<Comer>;
}

interface Rooms {
  readonly door: EngineDoor;
  readonly authentication: AuthenticationService;
  readonly audit: AuditService;
  readonly logger: Logger;
  /** How long what goes on may take to end by itself when the program stops. */
  readonly graceMs: number;
}

/** A server that speaks the Engine API at its root. Who asks is decided by how they have come, never by what they send. */
export class EngineListener {
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly server: Server,
    private readonly entrance: Entrance,
    private readonly rooms: Rooms,
  ) {
    const { logger } = rooms;
    server.maxConnections = MAX_CONNECTIONS;
    for (const event of ['connection', 'secureConnection']) {
      server.on(event, (socket: Socket) => {
        this.sockets.add(socket);
        socket.once('close', () => this.sockets.delete(socket));
      });
    }
    for (const event of ['request', 'checkContinue']) {
      server.on(event, (request: IncomingMessage, response: ServerResponse) => {
        void this.visit(request).then((visit) => rooms.door.request(request, response, visit));
      });
    }
    server.on('upgrade', (request, socket, head) => {
      // Until the door has it, nobody else hears of its errors.
      const onError = (error: Error) => logger.debug({ err: error }, 'connection failed');
      socket.on('error', onError);
      void this.visit(request).then((visit) => rooms.door.upgrade(request, socket, head, visit));
    });
    server.on('error', (error) => logger.debug({ err: error }, 'a listener of the Engine API failed'));
  }

  /** Lets nobody in any more, and cuts off who is there. */
  end(): void {
    this.server.close();
    this.endWhere(() => true);
  }

  endWhere(ends: (socket: Socket) => boolean): void {
    for (const socket of this.sockets) if (ends(socket)) socket.destroy();
  }

  /** Lets nobody in any more, and gives who is there a moment to end. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await Promise.race([closed, elapse(this.rooms.graceMs, undefined, { ref: false })]);
    this.endWhere(() => true);
  }

  /** Who is let in by nothing is told so by the door, before it looks at anything else. */
  private async visit(request: IncomingMessage): Promise<DoorVisit> {
    const { door, identify } = this.entrance;
    const { socket, url: target = '' } = request;
    const address = socket.remoteAddress ?? this.entrance.address;
    try {
      const comer = await identify(socket);
      return { engine: comer.engine, target, address, door, actor: () => this.admit(request, comer) };
    } catch (error) {
      return { engine: '', target, address, door, actor: () => Promise.reject(asError(error)) };
    }
  }

  /** There is one identity by one way in; and no client of the Engine API is a browser, which any page can have send requests. */
  private async admit({ headers }: IncomingMessage, comer: Comer): Promise<Actor> {
    const { kind, id, name, engine } = comer;
    const actor = await this.rooms.authentication.authenticateDoorway(kind, id);
    const target = { engine, targetKind: kind, targetId: id, targetName: name };
    const entry = { ...requestContext(), actor, operation: 'connect', ...target };
    return recordingRefusal(this.rooms.audit, entry, () => {
      if (headers.authorization !== undefined || headers['proxy-authorization'] !== undefined) {
        const what = kind === 'scopedSocket' ? 'socket' : 'certificate';
        const message = `This ${what} stands for somebody already: send no Authorization header`;
        throw new DomainError('forbidden', message);
      }
      if (headers['sec-fetch-site'] !== undefined || isForeign(headers))
        throw new DomainError('forbidden', 'The Engine API is not for browsers');
      return actor;
    });
  }
}

/** Some clients that are no browsers name the host itself when they open a WebSocket. */
function isForeign({ origin, host }: IncomingMessage['headers']): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
