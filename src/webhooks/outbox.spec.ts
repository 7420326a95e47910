import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditService } from '../audit/audit.service.js';
import { ManualClock } from '../common/clock.js';
import { SecretBox } from '../common/secret-box.js';
import { readSettings } from '../config/settings.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import type { DomainEvent, StoredEvent } from '../events/domain-event.js';
import { EventBells, writeEvents } from '../events/event-journal.js';
import { DeliveryRecords } from './delivery-records.js';
import type { AttemptOutcome } from './delivery-sender.js';
import { EventDispatch } from './event-dispatch.js';
import { Outbox, type StoredDelivery } from './outbox.js';
import { WebhookHistory } from './webhook-history.js';
import { WebhookOwners } from './webhook-owners.js';
import { WebhookPauses } from './webhook-pauses.js';
import { type NewWebhook, WebhookStore } from './webhook-store.js';

const HOUR_MS = 60 * 60_000;
const STOP = new AbortController().signal;

let database: TemporaryDatabase;
let clock: ManualClock;
let store: WebhookStore;
let outbox: Outbox;
let dispatch: EventDispatch;
let records: DeliveryRecords;
let audit: AuditService;
/** To whom everything is visible but what is called hidden. */
const owners = Object.assign(Object.create(WebhookOwners.prototype) as WebhookOwners, {
  hiddenFrom: (_webhook: unknown, events: readonly StoredEvent[]) =>
    Promise.resolve(
      new Set(events.filter(({ subject }) => subject.id.startsWith('hidden')).map(({ id }) => id)),
    ),
});
beforeEach(async () => {
  database = await openTemporaryDatabase();
  const { db } = database;
  clock = new ManualClock();
  audit = new AuditService(db, clock);
  const pauses = new WebhookPauses(db, clock, audit);
  store = new WebhookStore(db, new SecretBox('a key for tests'), clock, new EventBells());
  outbox = new Outbox(db, clock, readSettings({}));
  dispatch = new EventDispatch(db, clock, pauses, owners);
  records = new DeliveryRecords(db, clock, outbox, pauses);
});
afterEach(() => database.close());

const webhook = async (change: Partial<NewWebhook> = {}) => {
  const created = await store.create(
    {
      name: 'hook',
      owner: { kind: 'user', id: 'u1' },
      limits: undefined,
      parentId: null,
      address: 'https://receiver.example.com/',
      eventTypes: ['*'],
      engines: ['*'],
      labelSelector: null,
      template: null,
      enabled: true,
      ...change,
    },
    {},
  );
  return created.webhook.id;
};
let count = 0;
const happens = async (...subjects: readonly string[]) => {
  const events = subjects.map((id): DomainEvent => {
    const subject = { kind: 'container', id, name: id };
    const type = 'container.started';
    return { id: `e${++count}`, type, engine: 'local', subject, labels: {}, data: {}, at: clock.now() };
  });
  await writeEvents(database.db, events, clock.now());
  return events;
};
const ended = (verdict: AttemptOutcome['verdict']): AttemptOutcome => ({
  verdict,
  at: clock.now(),
  durationMs: 1,
  status: verdict === 'delivered' ? 200 : 500,
  error: verdict === 'delivered' ? null : 'The receiver answered 500',
  request: { origin: 'https://receiver.example.com', headers: {}, body: '{}' },
  responseHeaders: null,
  askedMs: 0,
});
const tryAll = async (id: string, verdict: AttemptOutcome['verdict']) => {
  const claimed = await outbox.claim(id, 100);
  for (const delivery of claimed) await records.record(delivery, ended(verdict), STOP);
  return claimed;
};
const deliveries = (): Promise<StoredDelivery[]> =>
  database.db.selectFrom('webhook_delivery').selectAll().orderBy('position').execute();

describe('the outbox', () => {
  it('has one delivery for each event and webhook that wants it, however often the event is found', async () => {
    const all = await webhook();
    await webhook({ name: 'images', eventTypes: ['image.*'] });
    await webhook({ name: 'disabled', enabled: false });
    const [event] = await happens('a', 'b');
    await writeEvents(database.db, [event as DomainEvent], clock.now());
    expect(await dispatch.dispatch()).toBe(2);
    await writeEvents(database.db, [event as DomainEvent], clock.now());
    expect(await dispatch.dispatch()).toBe(0);
    expect((await deliveries()).map(({ webhook_id, resource }) => [webhook_id, resource])).toEqual([
      [all, 'local/container/a'],
      [all, 'local/container/b'],
    ]);
  });

  it('writes nothing down while there is nobody to tell', async () => {
    await happens('a');
    const id = await webhook();
    expect(await dispatch.dispatch()).toBe(0);
    await happens('b');
    await store.delete(id);
    expect(await database.db.selectFrom('domain_event').selectAll().execute()).toEqual([]);
  });

  it('gives each delivery to one at a time, and of one subject the next only after the one before', async () => {
    const id = await webhook();
    await happens('a', 'b', 'a', 'a');
    await dispatch.dispatch();
    const first = await outbox.claim(id, 100);
    expect(first.map(({ resource }) => resource)).toEqual(['local/container/a', 'local/container/b']);
    expect(await outbox.claim(id, 100)).toEqual([]);
    for (const delivery of first) await records.record(delivery, ended('delivered'), STOP);
    expect(await tryAll(id, 'delivered')).toHaveLength(1);
    expect(await tryAll(id, 'delivered')).toHaveLength(1);
    expect((await deliveries()).map(({ state }) => state)).toEqual(Array(4).fill('delivered'));
  });

  it('lets order give way to a delivery that fails again and again', async () => {
    const id = await webhook();
    await happens('a', 'a');
    await dispatch.dispatch();
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect(await tryAll(id, 'failed')).toHaveLength(1);
      expect(await outbox.claim(id, 100)).toHaveLength(attempt < 4 ? 0 : 1);
      clock.advance(10 * 60_000);
    }
  });

  it('frees what an earlier process had claimed', async () => {
    const id = await webhook();
    await happens('a');
    await dispatch.dispatch();
    expect(await outbox.claim(id, 1)).toHaveLength(1);
    await outbox.freeAll();
    expect(await outbox.claim(id, 1)).toHaveLength(1);
  });

  it('gives up within a day, and pauses where nothing got through in that time', async () => {
    const id = await webhook();
    await webhook({ name: 'other', eventTypes: ['webhook.paused'] });
    await happens('a');
    await dispatch.dispatch();
    const begun = clock.now();
    let attempts = 0;
    for (;;) {
      const claimed = await tryAll(id, 'failed');
      attempts += claimed.length;
      const [{ state, next_at: next } = { state: 'failed' as const, next_at: 0 }] = await deliveries();
      if (state === 'failed') break;
      clock.advance(next - clock.now());
    }
    expect(attempts).toBe(10);
    expect(clock.now() - begun).toBeLessThan(24 * HOUR_MS);
    expect(await store.get(id)).toMatchObject({ pausedReason: 'failing', pausedAt: clock.now() });
    expect(await outbox.due()).toEqual([]);
    expect((await audit.list({ operation: 'webhookPaused' })).items).toMatchObject([{ target_id: id }]);
    await dispatch.dispatch();
    expect((await deliveries()).map(({ event_type }) => event_type)).toEqual([
      'container.started',
      'webhook.paused',
    ]);
  });

  it('does not pause for one delivery that the receiver does not take, while others get through', async () => {
    const id = await webhook();
    await happens('a');
    await dispatch.dispatch();
    for (let hours = 0; hours < 48; hours++) {
      await tryAll(id, 'failed');
      await happens(`good-${hours}`);
      await dispatch.dispatch();
      for (const delivery of await outbox.claim(id, 100))
        await records.record(
          delivery,
          ended(delivery.resource.endsWith('/a') ? 'failed' : 'delivered'),
          STOP,
        );
      clock.advance(HOUR_MS);
    }
    expect((await deliveries())[0]).toMatchObject({ state: 'failed' });
    expect(await store.get(id)).toMatchObject({ pausedReason: null });
  });

  it('pauses at once where the receiver is gone, and keeps what waits', async () => {
    const id = await webhook();
    await happens('a', 'b');
    await dispatch.dispatch();
    const [first] = await outbox.claim(id, 1);
    await records.record(first as StoredDelivery, ended('gone'), STOP);
    expect(await store.get(id)).toMatchObject({ pausedReason: 'gone' });
    expect((await deliveries()).map(({ state }) => state)).toEqual(['failed', 'pending']);
    await store.update(await store.get(id), { enabled: true });
    expect(await outbox.due()).toEqual([id]);
  });

  it('is bounded for each webhook: with more it is paused, and says how many it missed', async () => {
    const id = await webhook();
    await happens('a', 'b', 'c', 'd', 'e');
    await dispatch.dispatch(3);
    clock.advance(1_000);
    await happens('f');
    await dispatch.dispatch(3);
    expect(await deliveries()).toHaveLength(3);
    expect(await store.get(id)).toMatchObject({
      pausedReason: 'overflow',
      missed: 3,
      missedSince: clock.now() - 1_000,
    });
  });

  it('neither keeps room for nor counts what its owner may not see', async () => {
    const id = await webhook();
    await happens('a', 'hidden-1', 'hidden-2', 'b', 'hidden-3');
    await dispatch.dispatch(2);
    expect((await deliveries()).map(({ resource }) => resource)).toEqual([
      'local/container/a',
      'local/container/b',
    ]);
    expect(await store.get(id)).toMatchObject({ pausedReason: null, missed: 0 });
    await happens('hidden-4');
    expect(await dispatch.dispatch(2)).toBe(1);
    expect(await store.get(id)).toMatchObject({ pausedReason: null, missed: 0 });
  });

  it('is forgotten when it is old, and beyond so many of a webhook', async () => {
    const id = await webhook();
    const history = new WebhookHistory(database.db, clock);
    for (const subject of ['a', 'b', 'c']) {
      await happens(subject);
      await dispatch.dispatch();
      await tryAll(id, 'delivered');
      clock.advance(1_000);
    }
    expect(await history.run(2)).toBe(1);
    expect((await deliveries()).map(({ resource }) => resource)).toEqual([
      'local/container/b',
      'local/container/c',
    ]);
    clock.advance(31 * 24 * HOUR_MS);
    expect(await history.run()).toBe(2);
  });
});

describe('a stored webhook', () => {
  it('keeps neither its address nor its secret in the clear', async () => {
    const { webhook: made, secret } = await store.create(
      {
        name: 'sealed',
        owner: { kind: 'user', id: 'u1' },
        limits: undefined,
        parentId: null,
        address: 'https://hooks.example.com/services/key',
        eventTypes: ['*'],
        engines: ['*'],
        labelSelector: null,
        template: null,
        enabled: true,
      },
      {},
    );
    const row = JSON.stringify(await database.db.selectFrom('webhook').selectAll().execute());
    expect(row).not.toContain('services/key');
    expect(row).not.toContain(secret.slice('whsec_'.length));
    expect(await store.get(made.id)).toMatchObject({ address: 'https://hooks.example.com/services/key' });
  });

  it('has at most three secrets, and the ones before another address not at all', async () => {
    const id = await webhook();
    for (let turn = 0; turn < 4; turn++) await store.rotateSecret(await store.get(id), HOUR_MS);
    expect((await store.get(id)).secrets).toHaveLength(3);
    await store.update(await store.get(id), { address: 'https://elsewhere.example.com/' });
    expect((await store.get(id)).secrets).toHaveLength(1);
  });

  it('is changed on top of what was looked at only', async () => {
    const known = await store.get(await webhook());
    await store.update(known, { enabled: false });
    await expect(store.update(known, { enabled: true })).rejects.toMatchObject({ kind: 'conflict' });
  });
});
