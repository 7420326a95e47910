import { describe, expect, it } from '@jest/globals';
import { toArchiveStat, toArchiveStatHeader } from './archive-stat.mapper.js';

const header = (stat: object) => Buffer.from(JSON.stringify(stat)).toString('base64');
const STAT = { name: 'hosts', size: 42, mode: 0o644, mtime: '2026-01-31T12:00:00.5Z', linkTarget: '' };

describe('what there is at a path', () => {
  it('is read from the engine’s header', () => {
    expect(toArchiveStat(header(STAT))).toEqual({
      name: 'hosts',
      kind: 'file',
      size: 42,
      mode: 0o644,
      modifiedAt: '2026-01-31T12:00:00.5Z',
      linkTarget: null,
    });
  });

  it.each([
    ['a folder with the sticky bit', 2 ** 31 + 2 ** 20 + 0o777, 'directory', 0o1777],
    ['a program that runs as its owner', 2 ** 23 + 0o755, 'file', 0o4755],
    ['a program that runs as its group', 2 ** 22 + 0o755, 'file', 0o2755],
    ['a symbolic link', 2 ** 27 + 0o777, 'symlink', 0o777],
    ['a socket', 2 ** 24 + 0o600, 'other', 0o600],
    ['a character device', 2 ** 26 + 2 ** 21 + 0o620, 'other', 0o620],
  ])('may be %s', (_what, mode, kind, posixMode) => {
    expect(toArchiveStat(header({ ...STAT, mode }))).toMatchObject({ kind, mode: posixMode });
  });

  it('has the target of a link', () => {
    expect(toArchiveStat(header({ ...STAT, linkTarget: '/etc/other' })).linkTarget).toBe('/etc/other');
  });

  it.each([undefined, '', 'no base64 of JSON', header([]).slice(0, 1)])(
    'is an error of the engine for the header %j',
    (text) => {
      expect(() => toArchiveStat(text)).toThrow(expect.objectContaining({ kind: 'engine_error' }));
    },
  );

  it('is told in a header of plain ASCII, whatever the file is called', () => {
    const stat = toArchiveStat(header({ ...STAT, name: 'naïve\u007f 日本 😀' }));
    const value = toArchiveStatHeader(stat);
    expect(value).toMatch(/^[ -~]+$/);
    expect(JSON.parse(value)).toEqual(stat);
  });
});
