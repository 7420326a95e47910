import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { isWithin, type OwnedJob, ownJobs } from './job-access.js';

const ALICE: Actor = { kind: 'user', id: 'alice', name: 'alice', teamIds: [] };
const NOWHERE = { everywhere: false, engines: [] };
const job = (fields: Partial<OwnedJob> = {}): OwnedJob => ({
  engine: 'local',
  created_by_kind: 'user',
  created_by_id: 'alice',
  token_id: null,
  ...fields,
});
const sees = (actor: Actor, one: OwnedJob, reach: { everywhere: boolean; engines: string[] } = NOWHERE) =>
  isWithin({ reach, own: ownJobs(actor, 'jobs:get') }, one);

describe('a job is seen', () => {
  it('by who started it', () => {
    expect(sees(ALICE, job())).toBe(true);
    expect(sees(ALICE, job({ created_by_id: 'bob' }))).toBe(false);
    expect(sees(ALICE, job({ created_by_kind: 'serviceAccount' }))).toBe(false);
  });

  it('by who may see all jobs of its engine', () => {
    const reach = { everywhere: false, engines: ['local'] };
    expect(sees(ALICE, job({ created_by_id: 'bob' }), reach)).toBe(true);
    expect(sees(ALICE, job({ created_by_id: 'bob', engine: 'edge' }), reach)).toBe(false);
    expect(sees(ALICE, job({ created_by_id: 'bob', engine: null }), reach)).toBe(false);
    expect(sees(ALICE, job({ created_by_id: 'bob', engine: null }), { everywhere: true, engines: [] })).toBe(
      true,
    );
  });
});

describe('a limited token shows of its owner’s jobs', () => {
  const limited = (limits: NonNullable<Actor['limits']>): Actor => ({ ...ALICE, tokenId: 't1', limits });

  it('those that it started, whatever it is limited to', () => {
    const actor = limited({ permissions: ['images:pull'], engines: ['edge'] });
    expect(sees(actor, job({ token_id: 't1' }))).toBe(true);
    expect(sees(actor, job({ token_id: 't2' }))).toBe(false);
    expect(sees(actor, job())).toBe(false);
  });

  it('those on its engines, where it permits to see jobs', () => {
    const actor = limited({ permissions: ['jobs:*'], engines: ['edge'] });
    expect(sees(actor, job({ engine: 'edge' }))).toBe(true);
    expect(sees(actor, job({ engine: 'local' }))).toBe(false);
    expect(sees(actor, job({ engine: null }))).toBe(false);
    expect(sees(limited({ permissions: ['jobs:get'] }), job({ engine: null }))).toBe(true);
    expect(sees(limited({ permissions: ['jobs:get'] }), job({ created_by_id: 'bob' }))).toBe(false);
  });
});
