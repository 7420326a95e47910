import { describe, expect, it } from '@jest/globals';
import { type Grant, Rights } from './rights.js';
import { withoutHiddenUsers } from './user-counts.js';

const rights = (...permissions: Grant['permissions']) =>
  new Rights({ kind: 'user', id: 'u', name: 'u', teamIds: [] }, 'local', [
    { permissions, engines: ['*'], owned: false, level: 'baseline' },
  ]);

const IMAGE = {
  Id: 'sha256:1',
  Containers: 3,
  SharedSize: 7,
  Manifests: [{ ImageData: { Containers: ['hidden'], Platform: {} } }, { AttestationData: {} }],
};
const VOLUME = { Name: 'v', UsageData: { Size: 5, RefCount: 2 } };

describe('how many use an image or a volume', () => {
  it('is told to who sees all of them', () => {
    const all = rights('containers:list', 'images:list');
    expect(withoutHiddenUsers(all, 'image', IMAGE)).toEqual(IMAGE);
    expect(withoutHiddenUsers(all, 'volume', VOLUME)).toBe(VOLUME);
  });

  it('was not counted for others', () => {
    const part = rights('images:list');
    expect(withoutHiddenUsers(part, 'image', IMAGE)).toEqual({
      ...IMAGE,
      Containers: -1,
      Manifests: [{ ImageData: { Containers: [], Platform: {} } }, { AttestationData: {} }],
    });
    expect(withoutHiddenUsers(part, 'volume', VOLUME)).toEqual({
      Name: 'v',
      UsageData: { Size: 5, RefCount: -1 },
    });
  });

  it('and what an image shares with others is told to who sees all images', () => {
    expect(withoutHiddenUsers(rights('containers:list'), 'image', IMAGE)).toEqual({
      ...IMAGE,
      SharedSize: -1,
    });
  });

  it('is added to nothing that does not tell it', () => {
    const plain = { Id: 'sha256:1', Manifests: null };
    expect(withoutHiddenUsers(rights(), 'image', plain)).toEqual(plain);
    expect(withoutHiddenUsers(rights(), 'volume', { Name: 'v', UsageData: null })).toEqual({
      Name: 'v',
      UsageData: null,
    });
    expect(withoutHiddenUsers(rights(), 'container', { SharedSize: 1 })).toEqual({ SharedSize: 1 });
  });
});
