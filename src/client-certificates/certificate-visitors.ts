import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Injectable, Logger } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { ExpiringCache } from '../common/expiring-cache.js';
import type { StoredDoorway } from '../doorways/doorway.js';
import { DoorwayStore } from '../doorways/doorway-store.js';
import type { Comer } from '../doorways/engine-listener.js';
import { subscriberOf } from '../identity/subscriber-address.js';
import { namesOf, subjectOf } from './certificate-names.js';

/** How late a change that another replica made may be seen. */
const MAX_AGE_MS = 2_000;
/** Somebody who comes again and again is recorded once for each reason in this time, whatever is shown: anybody can make up certificates. */
const REFUSAL_ONCE_MS = 60_000;
/** Of all together, in that time. */
const MAX_REFUSALS = 100;
const CAPACITY = 10_000;

/** What the last request on a connection came in by. */
export interface CameBy {
  readonly doorway: StoredDoorway;
  /** When the certificate ends, in milliseconds since the epoch. */
  readonly until: number;
}

/** Whom those have come as that show a certificate. */
@Injectable()
export class CertificateVisitors {
  private readonly known: ExpiringCache<StoredDoorway | undefined>;
  private readonly refused: ExpiringCache<void>;
  private readonly logger = new Logger('TLS');
  private recordedSince = 0;
  private recorded = 0;
  private readonly cameBy = new WeakMap<Duplex, CameBy>();

  constructor(
    private readonly store: DoorwayStore,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.known = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: CAPACITY });
    this.refused = new ExpiringCache(clock, { ttlMs: REFUSAL_ONCE_MS, capacity: CAPACITY });
  }

  /**
   * @throws DomainError `unauthenticated`, recorded, without a certificate or with one that no authority of ours signed or that
   *   is out of date; `forbidden`, recorded, for one that stands for nobody
   */
  async identify(socket: Duplex): Promise<Comer> {
    if (!(socket instanceof TLSSocket)) throw new DomainError('unauthenticated', 'This is not TLS');
    const certificate = socket.getPeerX509Certificate();
    if (!certificate)
      return this.refuse(socket, 'none', new DomainError('unauthenticated', 'Show a client certificate'));
    const shown = `${certificate.fingerprint256} ${subjectOf(certificate)}`;
    if (!socket.authorized) return this.refuse(socket, shown, notTrusted(String(socket.authorizationError)));
    const now = this.clock.now();
    const until = Date.parse(certificate.validTo);
    if (now < Date.parse(certificate.validFrom) || now >= until)
      return this.refuse(socket, shown, notTrusted('it is not valid at this time'));
    const doorway = await this.known.get(certificate.fingerprint256, async () => {
      const names = namesOf(certificate);
      const found = await this.store.withCertificate(names);
      // The most particular decides, also where it is disabled: that is how one of many is kept out.
      return names.flatMap((name) => found.filter((one) => one.certificate === name))[0];
    });
    if (!doorway)
      return this.refuse(
        socket,
        shown,
        new DomainError('forbidden', 'Your certificate stands for nobody here'),
      );
    this.cameBy.set(socket, { doorway, until });
    const { kind, id, name, engine } = doorway;
    return { kind, id, name, engine };
  }

  of(socket: Duplex): CameBy | undefined {
    return this.cameBy.get(socket);
  }

  /** Makes each certificate be looked up again: call it when what they stand for has changed. */
  forget(): void {
    this.known.clear();
  }

  private async refuse(socket: TLSSocket, shown: string, error: DomainError): Promise<never> {
    const address = socket.remoteAddress ?? '';
    await this.refused.get(`${subscriberOf(address)} ${error.message}`, async () => {
      if (!this.hasRoom()) return;
      await this.audit.refused(
        {
          requestId: randomUUID(),
          address,
          door: 'certificate',
          operation: 'connect',
          targetKind: 'clientCertificate',
          targetName: shown,
        },
        error.message,
      );
    });
    throw error;
  }

  /** Whether one more may be recorded now. That there are more is logged once. */
  private hasRoom(): boolean {
    const now = this.clock.now();
    if (now - this.recordedSince >= REFUSAL_ONCE_MS) {
      this.recordedSince = now;
      this.recorded = 0;
    }
    this.recorded += 1;
    if (this.recorded === MAX_REFUSALS + 1)
      this.logger.warn('so many are refused by TLS that the rest of this minute is not recorded');
    return this.recorded <= MAX_REFUSALS;
  }
}

/** @param why OpenSSL's word for it, such as `CERT_HAS_EXPIRED` */
function notTrusted(why: string): DomainError {
  return new DomainError('unauthenticated', `Your certificate is not trusted: ${why}`);
}
