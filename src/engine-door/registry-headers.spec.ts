import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { operation, type OperationId } from '../gate/operations.js';
import type { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { RegistryHeaders } from './registry-headers.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };
const asked: string[] = [];
const headers = new RegistryHeaders({
  authHeaderFor: (_: Actor, image: string) => {
    asked.push(image);
    return Promise.resolve(image.startsWith('known') ? 'c3RvcmVk' : undefined);
  },
  authConfigFor: () => Promise.resolve('c3RvcmVkLWFsbA=='),
} as unknown as RegistryCredentialsService);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (encoded: string | undefined) =>
  JSON.parse(Buffer.from(encoded ?? '', 'base64url').toString()) as unknown;
const of = (
  id: OperationId,
  sent: Record<string, string>,
  about: { name?: string; query?: object; body?: unknown } = {},
) =>
  headers.of(ACTOR, operation(id), sent, {
    query: {},
    name: '',
    body: undefined,
    ...about,
  } as Parameters<RegistryHeaders['of']>[3]);

describe('credentials for a registry', () => {
  it('are the caller’s own where it sends some, written anew', async () => {
    const sent = { 'x-registry-auth': encode({ username: 'a', password: 'ä?~' }) };
    const { 'X-Registry-Auth': header } = await of('ImagePush', sent, { name: 'known/a' });
    expect(read(header)).toEqual({ username: 'a', password: 'ä?~' });
    expect(header?.length).toBe(Math.ceil((header?.length ?? 0) / 4) * 4);
  });

  it.each<[OperationId, object]>([
    ['ImagePush', { name: 'known/a' }],
    ['ImageCreate', { query: { fromImage: 'known/a' } }],
    ['DistributionInspect', { name: 'known/a' }],
    ['PluginPull', { query: { remote: 'known/a' } }],
    ['ServiceCreate', { body: { TaskTemplate: { ContainerSpec: { Image: 'known/a' } } } }],
  ])('are the stored ones where it sends none, or empty ones: %s', async (id, about) => {
    const nothing: readonly Record<string, string>[] = [
      {},
      { 'x-registry-auth': 'e30=' },
      { 'x-registry-auth': '' },
    ];
    for (const sent of nothing) expect(await of(id, sent, about)).toEqual({ 'X-Registry-Auth': 'c3RvcmVk' });
    expect(asked.at(-1)).toBe('known/a');
  });

  it('are for a build all that may be used', async () => {
    expect(await of('ImageBuild', {})).toEqual({ 'X-Registry-Config': 'c3RvcmVkLWFsbA==' });
    const own = { 'registry.example': { username: 'a', password: 'b' } };
    const sent = await of('ImageBuild', { 'x-registry-config': encode(own) });
    expect(read(sent['X-Registry-Config'])).toEqual(own);
  });

  it('are none where nothing is stored, and nowhere else', async () => {
    expect(await of('ImageCreate', {}, { query: { fromImage: 'other' } })).toEqual({});
    expect(read((await of('ImagePush', {}, { name: 'other' }))['X-Registry-Auth'])).toEqual({});
    expect(await of('ContainerCreate', { 'x-registry-auth': encode({ username: 'a' }) })).toEqual({});
    expect(await of('ServiceCreate', {}, { body: { TaskTemplate: 'x' } })).toEqual({});
  });

  it.each([
    '%',
    'e30=x',
    'bm90IGpzb24=',
    encode([]),
    encode({ username: 1 }),
    encode({ other: 'x' }),
    encode('x'),
  ])('are refused where they are none: %s', async (sent) => {
    await expect(of('ImagePush', { 'x-registry-auth': sent }, { name: 'a' })).rejects.toMatchObject({
      kind: 'invalid_input',
    });
  });
});
