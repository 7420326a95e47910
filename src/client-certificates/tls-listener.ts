import { constants } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { Settings } from '../config/settings.js';
import { readTlsFiles, type TlsFiles, type TlsListenSettings } from '../config/tls-listen-settings.js';
import { DoorwayStore } from '../doorways/doorway-store.js';
import type { EngineListener } from '../doorways/engine-listener.js';
import { EngineListeners, SERVER_OPTIONS } from '../doorways/engine-listeners.js';
import { listenBySetting } from '../http/listening.js';
import { DoorwayCredentials } from '../identity/doorway-credentials.js';
import { CertificateVisitors } from './certificate-visitors.js';

/** How late it is seen that what a certificate stands for was changed by another replica, has ended or was disabled. */
const POLL_EVERY_MS = 2_000;
/** Certificates are renewed by putting new files in the place of the old. */
const FILES_EVERY_MS = 30_000;
const HANDSHAKE_MS = 10_000;

const TLS_OPTIONS = {
  requestCert: true,
  // Who has no good certificate is told so, and it is put on record, before anything is asked of an engine.
  rejectUnauthorized: false,
  minVersion: 'TLSv1.2',
  // A connection that goes on from an old one would not show its certificate again.
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  handshakeTimeout: HANDSHAKE_MS,
} as const;

interface Running {
  readonly settings: TlsListenSettings;
  readonly server: Server;
  readonly listener: EngineListener;
  files: TlsFiles;
}

/** Serves the Engine API by TLS where the settings say so, and ends what goes on by a certificate that stands for nobody any more. */
@Injectable()
export class TlsListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Running | undefined;
  private polling = false;

  constructor(
    private readonly settings: Settings,
    private readonly store: DoorwayStore,
    private readonly credentials: DoorwayCredentials,
    private readonly visitors: CertificateVisitors,
    private readonly listeners: EngineListeners,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws CannotListen where it can't listen: what was asked for by the settings is there, or the program does not start */
  async onApplicationBootstrap(): Promise<void> {
    const settings = this.settings.tlsListen;
    if (!settings) return;
    const files = readTlsFiles(settings);
    // A client that sends no more still waits for output, as `docker exec` without a terminal does.
    const server = createServer({ ...SERVER_OPTIONS, ...TLS_OPTIONS, ...files, allowHalfOpen: true });
    const listener = this.listeners.serve(server, {
      door: 'certificate',
      address: '',
      identify: (socket) => this.visitors.identify(socket),
    });
    server.on('tlsClientError', (error) => this.logger.debug({ err: error }, 'a TLS handshake failed'));
    const { host, port } = settings.listen;
    await listenBySetting('DOCKMASTER_TLS_LISTEN', settings.listen, () =>
      once(server.listen(port, host), 'listening'),
    );
    this.running = { settings, server, listener, files };
    this.logger.info({ address: server.address() }, 'the Engine API listens by TLS');
    this.timers.push(
      setInterval(() => void this.poll(), POLL_EVERY_MS).unref(),
      setInterval(() => this.reload(), FILES_EVERY_MS).unref(),
    );
  }

  /** Nobody comes in any more; what goes on is given a moment to end. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.running?.listener.stop();
  }

  /** Where it listens; undefined where it does not. */
  get port(): number | undefined {
    const address = this.running?.server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  /** Resolves when nothing goes on any more by a certificate that does not stand for what it did. */
  async refresh(): Promise<void> {
    this.visitors.forget();
    if (!this.running) return;
    const live = await this.credentials.liveIds('clientCertificate');
    const stored = await this.store.all('clientCertificate');
    const revisions = new Map(stored.map(({ id, revision }) => [id, revision]));
    this.running.listener.endWhere((socket) => {
      const known = this.visitors.of(socket);
      if (!known) return false;
      const { id, revision } = known.doorway;
      return known.until <= Date.now() || !live.has(id) || revisions.get(id) !== revision;
    });
  }

  /** Takes up files that have changed. Who came by an authority that may be gone has to come again. */
  reload(): void {
    const { running } = this;
    if (!running) return;
    try {
      const files = readTlsFiles(running.settings);
      const changed = (['cert', 'key', 'ca'] as const).filter(
        (name) => !files[name].equals(running.files[name]),
      );
      if (changed.length === 0) return;
      running.server.setSecureContext({ ...TLS_OPTIONS, ...files });
      running.files = files;
      if (changed.includes('ca')) running.listener.endWhere(() => true);
      this.logger.info({ changed }, 'the files of the TLS listener were read anew');
    } catch (error) {
      this.logger.warn(
        { reason: messageOf(error) },
        'the files of the TLS listener cannot be used; the old stay',
      );
    }
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      await this.refresh();
    } catch (error) {
      this.logger.warn({ reason: messageOf(error) }, 'client certificates cannot be read from the database');
    } finally {
      this.polling = false;
    }
  }
}
