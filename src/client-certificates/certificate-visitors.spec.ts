import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditService } from '../audit/audit.service.js';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { DoorwayStore } from '../doorways/doorway-store.js';
import { CredentialCache } from '../identity/credential-cache.js';
import { DoorwayCredentials } from '../identity/doorway-credentials.js';
import { CertificateVisitors } from './certificate-visitors.js';

let database: TemporaryDatabase;
let clock: ManualClock;
let visitors: CertificateVisitors;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  const { db } = database;
  clock = new ManualClock();
  const doorways = new DoorwayCredentials(db, clock, new CredentialCache(clock));
  visitors = new CertificateVisitors(
    new DoorwayStore(db, clock, doorways),
    new AuditService(db, clock),
    clock,
  );
});
afterEach(() => database.close());

let made = 0;
/** Shows a certificate that nobody has shown before. */
const comes = async (address: string, authorized = false) => {
  const certificate = {
    fingerprint256: `${++made}`,
    subject: 'CN=x',
    validFrom: new Date(clock.now() - 1_000).toUTCString(),
    validTo: new Date(clock.now() + 3_600_000).toUTCString(),
  };
  const socket = Object.create(TLSSocket.prototype, {
    remoteAddress: { value: address },
    authorized: { value: authorized },
    authorizationError: { value: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    getPeerX509Certificate: { value: () => certificate },
  }) as TLSSocket;
  await expect(visitors.identify(socket)).rejects.toMatchObject({
    kind: authorized ? 'forbidden' : 'unauthenticated',
  });
};
const recorded = async () => (await database.db.selectFrom('audit_record').select('id').execute()).length;

describe('who shows certificates that stand for nobody', () => {
  it('is recorded once a minute for each reason, however many are made up', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await comes('192.0.2.1');
      await comes('192.0.2.1', true);
    }
    for (let turn = 0; turn < 5; turn++) await comes(`2001:db8::${turn + 1}`);
    expect(await recorded()).toBe(3);
    clock.advance(60_000);
    await comes('192.0.2.1');
    expect(await recorded()).toBe(4);
  });

  it('fills the audit trail no faster from many addresses', async () => {
    for (let turn = 0; turn < 150; turn++) await comes(`192.0.2.${turn}`);
    expect(await recorded()).toBe(100);
    clock.advance(60_000);
    await comes('198.51.100.1');
    expect(await recorded()).toBe(101);
  });
});
