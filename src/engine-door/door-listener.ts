import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { ENGINE_NAME } from '../common/references.js';
import { Settings } from '../config/settings.js';
import { ClientAddress } from '../http/client-address.js';
import { isOurHost } from '../http/host-check.js';
import { bearerToken } from '../identity/authentication.guard.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { type DoorVisit, EngineDoor } from './engine-door.js';

const ROOT = '/docker';
/** Written in this one way: whatever else might mean the same is no path of ours. */
const PREFIX = /^\/docker\/([^/?]*)(?=\/|$)/;

type Listener = (...args: unknown[]) => void;

/**
 * The door's place on the main listener: `/docker/{engine}/…`. Its requests are taken before anything else reads them, and who
 * asks is told by the header `Authorization` alone.
 */
@Injectable()
export class DoorListener {
  private readonly addresses: ClientAddress;

  constructor(
    private readonly door: EngineDoor,
    private readonly authentication: AuthenticationService,
    private readonly settings: Settings,
  ) {
    this.addresses = new ClientAddress(settings.trustedProxies);
  }

  /** To be called when all others listen. */
  listen(server: Server): void {
    takeOver(server, 'request', (request, response) => {
      void this.door.request(request, response as ServerResponse, this.visit(request));
    });
    takeOver(server, 'upgrade', (request, socket, head) => {
      void this.door.upgrade(request, socket as Duplex, head as Buffer, this.visit(request));
    });
    // The door says itself when a body is to come; everybody else is served as if nobody listened for this.
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (!isDoors(request)) response.writeContinue();
      server.emit('request', request, response);
    });
  }

  private visit(request: IncomingMessage): DoorVisit {
    const url = request.url ?? '';
    const [prefix = ROOT, engine = ''] = PREFIX.exec(url) ?? [];
    return {
      engine,
      target: url.slice(prefix.length),
      address: this.addresses.of(request),
      actor: async () => {
        if (!isOurHost(this.settings, request.headers.host))
          throw new DomainError('forbidden', 'The server does not go by this host name');
        const actor = await this.authentication.authenticate(bearerToken(request.headers.authorization));
        if (!ENGINE_NAME.test(engine)) throw new DomainError('not_found', 'page not found');
        return actor;
      },
    };
  }
}

function isDoors({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(ROOT) && ['/', '?', undefined].includes(url[ROOT.length]);
}

/** Puts a listener before all those that there are, which hear of nothing that is the door's. */
function takeOver(
  server: Server,
  event: 'request' | 'upgrade',
  serve: (request: IncomingMessage, ...rest: unknown[]) => void,
): void {
  const others = server.listeners(event) as Listener[];
  server.removeAllListeners(event);
  server.on(event, (request: IncomingMessage, ...rest: unknown[]) => {
    if (isDoors(request)) serve(request, ...rest);
    else for (const other of others) other.call(server, request, ...rest);
  });
}
