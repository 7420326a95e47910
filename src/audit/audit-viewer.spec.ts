import { describe, expect, it } from '@jest/globals';
import type { StoredAuditRecord } from './audit-filter.js';
import { AuditViewer } from './audit-viewer.js';

const records = (count: number, engine = 'local') =>
  Array.from({ length: count }, (_, index) => ({ id: `${engine}-${index}`, engine }) as StoredAuditRecord);

describe('who watches the audit trail', () => {
  it('gets what it wants, in order, and no more than that', async () => {
    const viewer = new AuditViewer({ engine: 'local' });
    const stop = new AbortController();
    const batches = viewer.batches(stop.signal);
    const first = batches.next();
    viewer.offer([...records(1, 'edge'), ...records(2)]);
    expect((await first).value).toEqual(records(2));
    stop.abort();
    expect((await batches.next()).done).toBe(true);
  });

  it('is told and ended once it is more than 1,000 records behind, and holds nothing more', async () => {
    const viewer = new AuditViewer({});
    viewer.offer(records(1_000));
    viewer.offer(records(1));
    viewer.offer(records(500));
    const batches = viewer.batches(new AbortController().signal);
    await expect(batches.next()).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await batches.next()).done).toBe(true);
  });

  it('has kept up where it is exactly 1,000 records behind', async () => {
    const viewer = new AuditViewer({});
    viewer.offer(records(1_000));
    expect((await viewer.batches(new AbortController().signal).next()).value).toHaveLength(1_000);
  });

  it('ends while it waits', async () => {
    const viewer = new AuditViewer({});
    const stop = new AbortController();
    const waiting = viewer.batches(stop.signal).next();
    stop.abort();
    expect((await waiting).done).toBe(true);
  });
});
