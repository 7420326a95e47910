import { describe, expect, it } from '@jest/globals';
import type { SecurityLevel } from '../common/security-level.js';
import type { TarEntry } from '../common/tar/tar-entry.js';
import { TarReader } from '../common/tar/tar-reader.js';
import { plainEntry, TAR_END, tarHeader } from '../common/tar/tar-writer.js';
import { CheckedArchive } from './checked-archive.js';

type Wanted = Pick<TarEntry, 'kind' | 'path'> & Partial<TarEntry>;

async function check(entries: readonly Wanted[], level: SecurityLevel = 'baseline'): Promise<TarEntry[]> {
  async function* source() {
    for (const entry of entries) yield await Promise.resolve(tarHeader(plainEntry(entry)));
    yield TAR_END;
  }
  const reader = new TarReader(new CheckedArchive(level, 'volume').pass(source()));
  const passed: TarEntry[] = [];
  for (let entry = await reader.next(); entry; entry = await reader.next()) passed.push(entry);
  return passed;
}

describe('an archive from outside', () => {
  it('is put below the volume, however its names are spelled', async () => {
    const passed = await check([
      { kind: 'directory', path: './', uid: 5 },
      { kind: 'directory', path: './/a/./b/' },
      { kind: 'file', path: 'a/b/c' },
      { kind: 'hardLink', path: 'd', linkPath: './a/b/c' },
      { kind: 'symlink', path: 'out', linkPath: '/etc/passwd' },
    ]);
    expect(passed.map(({ path, linkPath }) => [path, linkPath])).toEqual([
      ['volume/', ''],
      ['volume/a/b/', ''],
      ['volume/a/b/c', ''],
      ['volume/d', 'volume/a/b/c'],
      ['volume/out', '/etc/passwd'],
    ]);
    expect(passed[0]?.uid).toBe(5);
  });

  it('may put a folder in the place of a link, and fill it', async () => {
    const passed = await check([
      { kind: 'symlink', path: 'a', linkPath: '/' },
      { kind: 'directory', path: 'a/' },
      { kind: 'file', path: 'a/b' },
    ]);
    expect(passed).toHaveLength(3);
  });

  it.each<[string, Wanted[]]>([
    ['a name that leads out', [{ kind: 'file', path: 'a/../../b' }]],
    ['a link to what is outside', [{ kind: 'hardLink', path: 'a', linkPath: '/etc/shadow' }]],
    [
      'a file through a link',
      [
        { kind: 'symlink', path: 'a', linkPath: '/' },
        { kind: 'file', path: 'a/b' },
      ],
    ],
    [
      'a link through a link',
      [
        { kind: 'symlink', path: './a', linkPath: 'x' },
        { kind: 'hardLink', path: 'b', linkPath: 'a/secret' },
      ],
    ],
    ['a file in the place of the volume', [{ kind: 'file', path: '.' }]],
  ])('with %s is refused', async (_what, entries) => {
    const faults = check(entries);
    await expect(faults).rejects.toMatchObject({ kind: 'invalid_input', errors: [{ field: 'archive' }] });
  });

  it('has devices at level privileged only', async () => {
    const device: Wanted[] = [{ kind: 'character', path: 'mem', deviceMajor: 1, deviceMinor: 1 }];
    await expect(check(device)).rejects.toMatchObject({ kind: 'policy_violation' });
    expect(await check(device, 'privileged')).toHaveLength(1);
  });
});
