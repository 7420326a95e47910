import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { LOGGER } from '../common/logging.js';
import { Settings } from '../config/settings.js';
import { ClientAddress } from './client-address.js';
import { isOurHost } from './host-check.js';

/** Largest message that a client may send in one piece. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface UpgradeRoute {
  /** Matched against the whole path; its named groups become `params`. */
  path: RegExp;
  /** The subprotocol that the server picks, by what the client offers; undefined lets any client in. */
  protocol?: (offered: Set<string>) => string | false;
  /** @param address the client's, as far as the proxies in between are trusted */
  accept: (
    socket: WebSocket,
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
    address: string,
  ) => void;
}

/**
 * The one listener of `upgrade` requests. An unknown path is refused and its socket closed; so is a browser's request
 * from a foreign origin, since browsers let any page open a WebSocket anywhere.
 */
@Injectable()
export class UpgradeRouter implements BeforeApplicationShutdown {
  private readonly routes: { route: UpgradeRoute; server: WebSocketServer }[] = [];
  private readonly addresses: ClientAddress;

  constructor(
    private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.addresses = new ClientAddress(settings.trustedProxies);
  }

  add(route: UpgradeRoute): void {
    const { protocol } = route;
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...(protocol ? { handleProtocols: protocol } : {}),
    });
    this.routes.push({ route, server });
  }

  listen(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Closes every open WebSocket with status 1001, "going away". The streams have just ended: their last words go first. */
  async beforeApplicationShutdown(): Promise<void> {
    await nextTurn();
    for (const { server } of this.routes) {
      for (const client of server.clients) closeWebSocket(client, 1001, 'Dockmaster is shutting down');
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onError = (error: Error) => this.logger.debug({ err: error }, 'upgrade socket failed');
    socket.on('error', onError);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const match = this.routes.find(({ route }) => route.path.test(path));
    if (request.headers.upgrade?.toLowerCase() !== 'websocket' || !match) {
      refuse(socket, '404 Not Found');
      return;
    }
    if (!isOurHost(this.settings, request.headers.host) || !this.originAllowed(request)) {
      refuse(socket, '403 Forbidden');
      return;
    }
    const params = decodeParams(match.route.path.exec(path)?.groups ?? {});
    if (!params) {
      refuse(socket, '400 Bad Request');
      return;
    }
    match.server.handleUpgrade(request, socket, head, (client) => {
      socket.off('error', onError);
      client.on('error', (error) => this.logger.debug({ err: error }, 'websocket failed'));
      match.route.accept(client, request, params, this.addresses.of(request));
    });
  }

  /** Programs send no Origin; a browser's must be our own or one that the settings allow. */
  private originAllowed({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers;
    if (origin === undefined) return true;
    if (this.settings.allowedOrigins.includes(origin)) return true;
    return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
  }
}

/** Closes also a socket that is paused, which would not hear that the client closes it in turn. */
export function closeWebSocket(socket: WebSocket, code: number, reason?: string): void {
  socket.resume();
  socket.close(code, reason);
}

function decodeParams(groups: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
