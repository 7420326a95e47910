import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ContainerRecord, ContainersView } from '../gate/engine-handle.js';
import { ContainerPages } from './container-pages.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { Container } from './container.model.js';
import { containerRecord } from './testing/container-records.js';

function viewOf(records: readonly ContainerRecord[], rest: Partial<ContainersView> = {}): ContainersView {
  return { records, revision: 'one', syncedAt: Date.UTC(2026, 0, 2), staleSince: undefined, ...rest };
}
const many = (count: number) =>
  Array.from({ length: count }, (_, age) => containerRecord(`c${String(age).padStart(4, '0')}`, { age }));

function page(
  view: ContainersView,
  query: { limit?: number; after?: string } = {},
  filter: ContainerFilter = {},
) {
  const { body, etag } = new ContainerPages('local', view, filter, query).asJson();
  const answer = JSON.parse(body.toString()) as {
    items: Container[];
    nextCursor: string | null;
    totalCount: number;
    revision: string;
    stale: boolean;
    staleSeconds: number | null;
  };
  return { ...answer, ids: answer.items.map(({ id }) => id), etag };
}

describe('a page of containers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is cut from all, in their order, and tells how many there are', () => {
    const view = viewOf(many(7));
    const first = page(view, { limit: 3 });
    expect([first.ids, first.totalCount]).toEqual([['c0000', 'c0001', 'c0002'], 7]);
    const second = page(view, { limit: 3, after: first.nextCursor ?? '' });
    expect(second.ids).toEqual(['c0003', 'c0004', 'c0005']);
    const last = page(view, { limit: 3, after: second.nextCursor ?? '' });
    expect([last.ids, last.nextCursor, last.totalCount]).toEqual([['c0006'], null, 7]);
  });

  it('is the last one also where it is full', () => {
    expect(page(viewOf(many(3)), { limit: 3 }).nextCursor).toBeNull();
    expect(page(viewOf([]), { limit: 3 })).toMatchObject({ items: [], nextCursor: null, totalCount: 0 });
  });

  it('goes on behind its cursor though what that was of is gone, and others have come', () => {
    const records = many(6);
    const { nextCursor } = page(viewOf(records), { limit: 3 });
    const changed = [containerRecord('new', { age: -1 }), ...records.filter(({ id }) => id !== 'c0002')];
    expect(page(viewOf(changed), { limit: 3, after: nextCursor ?? '' }).ids).toEqual([
      'c0003',
      'c0004',
      'c0005',
    ]);
  });

  it('repeats and leaves out none of those that were made at one moment', () => {
    const view = viewOf(['a', 'b', 'c', 'd', 'e'].map((id) => containerRecord(id)));
    const first = page(view, { limit: 2 });
    const second = page(view, { limit: 2, after: first.nextCursor ?? '' });
    const third = page(view, { limit: 2, after: second.nextCursor ?? '' });
    expect([...first.ids, ...second.ids, ...third.ids]).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('of what meets a filter is cut from those, and counts those', () => {
    const view = viewOf(
      many(10).map((record, index) =>
        containerRecord(record.id, { age: index, labels: { team: index % 2 === 0 ? 'web' : 'db' } }),
      ),
    );
    const filter = { label: ['team=web'] };
    const first = page(view, { limit: 3 }, filter);
    expect([first.ids, first.totalCount]).toEqual([['c0000', 'c0002', 'c0004'], 5]);
    const last = page(view, { limit: 3, after: first.nextCursor ?? '' }, filter);
    expect([last.ids, last.nextCursor, last.totalCount]).toEqual([['c0006', 'c0008'], null, 5]);
  });

  it('is the same by GraphQL', () => {
    const view = viewOf(many(4));
    const connection = new ContainerPages('local', view, {}, { limit: 2 }).asConnection();
    expect(connection).toMatchObject({ totalCount: 4, revision: 'one', stale: false, staleSeconds: null });
    expect(connection.nodes.map(({ id }) => id)).toEqual(['c0000', 'c0001']);
    expect(connection.pageInfo).toEqual({
      hasNextPage: true,
      endCursor: page(view, { limit: 2 }).nextCursor,
    });
  });

  it.each(['nonsense', Buffer.from('["text","id"]').toString('base64url')])(
    'is refused for a cursor that is none: %s',
    (after) => {
      expect(() => page(viewOf(many(2)), { after })).toThrow(
        expect.objectContaining({ kind: 'invalid_input' }),
      );
    },
  );

  it('is made once for as long as nothing changes, and written once', () => {
    const view = viewOf(many(3));
    const [once, again] = [0, 1].map(() => new ContainerPages('local', view, {}, {}).asJson().body);
    expect(again).toBe(once);
    const other = new ContainerPages('local', viewOf(many(3)), {}, {}).asJson().body;
    expect(other).not.toBe(once);
  });

  it('counts the age of a container on though nothing changes', () => {
    const started = Date.UTC(2026, 5, 1);
    const view = viewOf([
      containerRecord('a', { state: { Status: 'running', StartedAt: new Date(started).toISOString() } }),
    ]);
    const now = jest.spyOn(Date, 'now').mockReturnValue(started + 5_000);
    const before = page(view);
    expect(before.items[0]?.status).toBe('Up 5 seconds');
    now.mockReturnValue(started + 3_600_000 * 3);
    const after = page(view);
    expect(after.items[0]?.status).toBe('Up 3 hours');
    expect(after.etag).not.toBe(before.etag);
  });
});

describe('the tag of a page', () => {
  it('is of what is on it', () => {
    const records = many(3);
    const { etag } = page(viewOf(records));
    expect(page(viewOf([...records])).etag).toBe(etag);
    expect(page(viewOf(records), { limit: 2 }).etag).not.toBe(etag);
    expect(page(viewOf(records.slice(1))).etag).not.toBe(etag);
    expect(
      page(viewOf([...records.slice(0, 2), containerRecord('c0002', { age: 2, labels: { a: 'b' } })])).etag,
    ).not.toBe(etag);
  });

  it('is the same however often memory is compared with the engine', () => {
    const records = many(3);
    expect(page(viewOf(records, { syncedAt: 1 })).etag).toBe(page(viewOf(records, { syncedAt: 2 })).etag);
  });

  it('is another when the engine is away, and each second that it is', () => {
    const records = many(3);
    const now = Date.now();
    const [live, away, longer] = [undefined, now, now - 5_000].map((staleSince) =>
      page(viewOf(records, { staleSince })),
    );
    expect([live?.staleSeconds, away?.stale, longer?.staleSeconds]).toEqual([null, true, 5]);
    expect(new Set([live?.etag, away?.etag, longer?.etag]).size).toBe(3);
  });
});
