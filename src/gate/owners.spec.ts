import { expect, it } from '@jest/globals';
import type { OwnershipService } from '../access/ownership.service.js';
import type { State } from '../state/state.js';
import type { Admission } from './admission.js';
import { Owners } from './owners.js';

/** What is recorded as owned, by its id. */
function noteOwned() {
  const owned: string[] = [];
  const ownership = {
    record: ({ objectId }: { objectId: string }) => {
      owned.push(objectId);
      return Promise.resolve();
    },
  } as unknown as OwnershipService;
  return { owned, ownership };
}

it('of what is new after a slow import, its image is the actor’s, and not what others pulled meanwhile', async () => {
  const { owned, ownership } = noteOwned();
  const images = [{ id: 'sha256:there', name: '' }];
  const state = {
    of: () => ({
      snapshot: () => Promise.resolve({ records: [...images] }),
      compare: () => Promise.resolve(),
      find: (reference: string) => Promise.resolve(images.find(({ id }) => id === reference)),
    }),
  } as unknown as State;
  const admission = {
    actor: { kind: 'user', id: 'u', name: 'u', teamIds: [] },
    engine: 'local',
    operation: { id: 'ImageCreate' },
    request: { query: { fromSrc: '-' } },
  } as unknown as Admission;
  const owners = new Owners(ownership, state);
  const before = await owners.before(admission);
  images.push({ id: 'sha256:pulled', name: 'busybox:1' }, { id: 'sha256:mine', name: '' });
  await owners.followImages(admission, before, ['sha256:there', 'sha256:mine', 'sha256:gone']);
  expect(owned).toEqual(['sha256:mine']);
});

it('of a build, its image is the actor’s, and no base that it is nothing more than', async () => {
  const { owned, ownership } = noteOwned();
  const made = [
    { id: 'sha256:base', name: 'tool:1', kept: { Parent: '', RepoDigests: ['registry/tool@sha256:1'] } },
    { id: 'sha256:built', name: 'app:1', kept: { Parent: 'sha256:base', RepoDigests: ['app@sha256:2'] } },
    { id: 'sha256:scratch', name: 'empty:1', kept: { Parent: '', RepoDigests: [] } },
  ];
  const state = {
    of: () => ({
      compare: () => Promise.resolve(),
      find: (reference: string) => Promise.resolve(made.find(({ id }) => id === reference)),
    }),
  } as unknown as State;
  const admission = {
    actor: { kind: 'user', id: 'u', name: 'u', teamIds: [] },
    engine: 'local',
    operation: { id: 'ImageBuild' },
    request: {},
  } as unknown as Admission;
  for (const { id } of made) await new Owners(ownership, state).followImages(admission, new Set(), [id]);
  expect(owned).toEqual(['sha256:built', 'sha256:scratch']);
});
