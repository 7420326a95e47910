import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Actor } from '../common/actor.js';
import { DomainError, messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { CONTAINER_REFERENCE, ENGINE_NAME, EXEC_ID } from '../common/references.js';
import { runInRequestContext } from '../common/request-context.js';
import { bearerToken } from '../identity/authentication.guard.js';
import { toDomainError, toProblem } from '../http/problem.js';
import { closeWebSocket, UpgradeRouter } from '../http/upgrade-router.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { TerminalService, type TerminalTarget } from './terminal.service.js';
import { TerminalConnection } from './terminal-connection.js';

const AUTHORIZE_WITHIN_MS = 10_000;
const ENGINE = '/api/v1/engines/(?<engine>[^/]+)';

/**
 * Interactive attach and exec over WebSocket: `GET …/containers/{id}/attach` and `GET …/execs/{id}/start`. Messages:
 * docs/terminals.md. A program authenticates by the `Authorization` header, a browser, which cannot set one, by its
 * first message.
 */
@Injectable()
export class TerminalSockets implements OnApplicationBootstrap {
  constructor(
    private readonly upgrades: UpgradeRouter,
    private readonly authentication: AuthenticationService,
    private readonly terminals: TerminalService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.route(new RegExp(`^${ENGINE}/containers/(?<id>[^/]+)/attach$`), 'container', CONTAINER_REFERENCE);
    this.route(new RegExp(`^${ENGINE}/execs/(?<id>[^/]+)/start$`), 'exec', EXEC_ID);
  }

  private route(path: RegExp, kind: TerminalTarget['kind'], idPattern: RegExp): void {
    this.upgrades.add({
      path,
      accept: (socket, request, { engine = '', id = '' }, address) => {
        const context = {
          requestId: randomUUID(),
          address,
          door: 'rest' as const,
        };
        runInRequestContext(context, () => {
          this.serve(socket, request, { kind, engine, id }, idPattern).catch((thrown: unknown) => {
            const error = toDomainError(thrown);
            if (error.kind === 'internal') this.logger.error({ err: thrown }, 'terminal failed');
            fail(socket, error, context.requestId);
          });
        });
      },
    });
  }

  private async serve(
    socket: WebSocket,
    request: IncomingMessage,
    target: TerminalTarget,
    idPattern: RegExp,
  ): Promise<void> {
    if (!ENGINE_NAME.test(target.engine) || !idPattern.test(target.id)) {
      throw new DomainError('invalid_input', 'The path holds a name or an id that cannot be one');
    }
    const connection = new TerminalConnection(socket);
    const actor = await this.authenticate(connection, request);
    await this.terminals.run(actor, target, connection);
  }

  private async authenticate(connection: TerminalConnection, request: IncomingMessage): Promise<Actor> {
    const header = request.headers.authorization ?? (await connection.authorization(AUTHORIZE_WITHIN_MS));
    return this.authentication.authenticate(bearerToken(header));
  }
}

/** Application close codes mirror HTTP: 4401 "sign in", 4403, 4404, 4503 …; the problem goes before as a message. */
function fail(socket: WebSocket, error: DomainError, requestId: string): void {
  if (socket.readyState !== socket.OPEN) return;
  const problem = toProblem(error, requestId);
  socket.send(JSON.stringify({ type: 'error', problem }));
  closeWebSocket(socket, 4000 + problem.status, Buffer.from(messageOf(error)).subarray(0, 120).toString());
}
