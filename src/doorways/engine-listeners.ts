import { Inject, Injectable } from '@nestjs/common';
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { AuditService } from '../audit/audit.service.js';
import { LOGGER } from '../common/logging.js';
import { Settings } from '../config/settings.js';
import { EngineDoor } from '../engine-door/engine-door.js';
import { MAX_HEAD_BYTES } from '../http/head-limit.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { EngineListener, type Entrance } from './engine-listener.js';

/** How servers of the Engine API are to be made. Uploads, builds and streams may take their time; heads may not. */
export const SERVER_OPTIONS = {
  requestTimeout: 0,
  keepAliveTimeout: 72_000,
  noDelay: true,
  maxHeaderSize: MAX_HEAD_BYTES,
} as const;

/** Makes servers speak the Engine API, at their root, to those that come by a scoped socket or a client certificate. */
@Injectable()
export class EngineListeners {
  constructor(
    private readonly door: EngineDoor,
    private readonly authentication: AuthenticationService,
    private readonly audit: AuditService,
    private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param server of `http` or `https`, made with `SERVER_OPTIONS`, that does not listen yet
   */
  serve(server: Server, entrance: Entrance): EngineListener {
    const { door, authentication, audit, logger } = this;
    const graceMs = Math.min(this.settings.shutdownTimeoutMs / 2, 3_000);
    return new EngineListener(server, entrance, { door, authentication, audit, logger, graceMs });
  }
}
