import { PassThrough } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { parseLabelSelector } from '../common/label-selector.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { operation } from '../engine/operations/index.js';
import type { State } from '../state/state.js';
import type { Admission } from './admission.js';
import type { Authoriser } from './authoriser.js';
import { type Grant, Rights } from './rights.js';
import { SavedImages } from './saved-images.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };
const EVERYTHING: Grant = { permissions: ['*:*'], engines: ['*'], owned: false, level: 'baseline' };
const WEB: Grant = { ...EVERYTHING, labels: parseLabelSelector('team=web') };

const RECORDS = [
  { id: 'sha256:1', labels: { team: 'web' }, kept: { RepoTags: ['app:v1', 'app:v2', 'other:v1'] } },
  { id: 'sha256:2', labels: { team: 'db' }, kept: { RepoTags: ['app:hidden'] } },
];
const saved = new SavedImages(
  { of: () => ({ snapshot: () => Promise.resolve({ records: RECORDS }) }) } as unknown as State,
  { existing: (...args: unknown[]) => ({ labels: args[4], repositories: args[5] }) } as unknown as Authoriser,
);
const admission = (grant: Grant, rest: Partial<Admission> = {}): Admission =>
  ({
    actor: ACTOR,
    engine: 'local',
    operation: operation('ImageGetAll'),
    rights: new Rights(ACTOR, 'local', [grant]),
    request: {},
    ...rest,
  }) as Admission;

describe('names of images to be saved', () => {
  const inFull = (grant: Grant, ...names: string[]) => saved.inFull(admission(grant), names, undefined);

  it('mean all of their repository where they have no tag', async () => {
    expect(await inFull(EVERYTHING, 'app')).toEqual(['app:v1', 'app:v2', 'app:hidden']);
    expect(await inFull(EVERYTHING, 'docker.io/library/other', 'app:v1')).toEqual(['other:v1', 'app:v1']);
  });

  it('mean no more of it than the actor may see', async () => {
    expect(await inFull(WEB, 'app')).toEqual(['app:v1', 'app:v2']);
  });

  it('stay as they are where nothing is known of them', async () => {
    expect(await inFull(WEB, 'none', 'app@sha256:1', 'abcdef012345')).toEqual([
      'none',
      'app@sha256:1',
      'abcdef012345',
    ]);
  });
});

describe('an archive of images', () => {
  const TARGET = { kind: 'image', id: 'sha256:1', sendAs: 'app:v1' };
  const meaning = (id: string | undefined) => {
    const json = jest.fn(() => Promise.resolve({ body: { Id: id } }));
    return { connection: { json } as unknown as EngineConnection, json };
  };
  const archive = () => {
    const body = new PassThrough();
    body.write('first');
    return body;
  };

  it('is passed on whole where its names mean what was decided on', async () => {
    const body = archive();
    const { connection } = meaning('sha256:1');
    await saved.requireSame(admission(WEB, { connection, several: [TARGET, TARGET] }), body);
    body.end(' and last');
    expect((await body.toArray()).join('')).toBe('first and last');
  });

  it.each([['is another image’s'], [undefined]])('is held back where a name %s', async (id) => {
    const body = archive();
    const { connection } = meaning(id);
    const attempt = saved.requireSame(admission(WEB, { connection, target: TARGET }), body);
    await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
    expect(body.destroyed).toBe(true);
  });

  it('is not looked at before its first byte, when the engine has looked its names up', async () => {
    const body = new PassThrough();
    const { connection, json } = meaning('sha256:1');
    const checked = saved.requireSame(admission(WEB, { connection, target: TARGET }), body);
    await new Promise(setImmediate);
    expect(json).not.toHaveBeenCalled();
    body.write('first');
    await checked;
    expect(json).toHaveBeenCalledTimes(1);
  });

  it('may be of any images for who may save them all', async () => {
    const { connection, json } = meaning('sha256:2');
    await saved.requireSame(admission(EVERYTHING, { connection, target: TARGET }), archive());
    expect(json).not.toHaveBeenCalled();
  });
});
