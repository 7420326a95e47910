import { describe, expect, it } from '@jest/globals';
import { isMeant, valuesFrom } from './wanted-values.js';

describe('a hook is meant', () => {
  const meant = (repositories: string[], tags: string[], repository?: string, tag?: string) =>
    isMeant({ repositories, tags }, { repository, tag });

  it('for anything where it names nothing', () => {
    expect(meant([], [])).toBe(true);
    expect(meant([], [], 'team/app', 'v1')).toBe(true);
  });

  it('for a repository, of any registry unless one is named', () => {
    expect(meant(['team/app'], [], 'team/app')).toBe(true);
    expect(meant(['team/app'], [], 'registry.example.com:5000/team/app')).toBe(true);
    expect(meant(['registry.example.com/team/app'], [], 'registry.example.com/team/app')).toBe(true);
    expect(meant(['registry.example.com/team/app'], [], 'team/app')).toBe(false);
    expect(meant(['team/app'], [], 'evil/team/app')).toBe(false);
    expect(meant(['team/app'], [], 'team/app2')).toBe(false);
    expect(meant(['team/app'], [])).toBe(false);
  });

  it.each([
    ['v*', 'v1.2', true],
    ['v*', 'w1', false],
    ['*-rc*', 'v1-rc2', true],
    ['v*.*', 'v1', false],
    ['a*a', 'a', false],
    ['a*b*a', 'aba', true],
    ['*', '', true],
    ['latest', 'latest', true],
    ['latest', 'latest2', false],
    ['v.', 'v1', false],
  ])('for tags of %j: %j is %s', (glob, tag, expected) => {
    expect(meant([], [glob], 'team/app', tag)).toBe(expected);
  });

  it('or is not, whatever it is called with', () => {
    expect(meant([], [`${'*a'.repeat(60)}*b`], 'x', 'a'.repeat(100_000))).toBe(false);
    for (const part of ['.', ':', 'a.', '/'])
      expect(meant(['team/app'], [], part.repeat(1_000_000))).toBe(false);
  });
});

describe('values of a payload', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it('are those that were asked for, and no others', () => {
    const told = { tag: 'v1', digest, replicas: 3 };
    expect(valuesFrom(told, [])).toEqual({});
    expect(valuesFrom(told, ['tag'])).toEqual({ tag: 'v1' });
    expect(valuesFrom(told, ['digest', 'replicas'])).toEqual({ digest, replicas: 3 });
    expect(valuesFrom({ replicas: '12' }, ['replicas'])).toEqual({ replicas: 12 });
  });

  it.each([undefined, '', 'a b', 'v1@sha256:0', '../x', `v${'1'.repeat(128)}`, 'team/app:v1'])(
    'are refused: the tag %j',
    (tag) => {
      expect(() => valuesFrom({ tag }, ['tag'])).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
    },
  );

  it.each([undefined, 'sha256:0', 'v1', `md5:${'a'.repeat(8)}`])('are refused: the digest %j', (text) => {
    expect(() => valuesFrom({ digest: text }, ['digest'])).toThrow();
  });

  it.each([undefined, -1, 1.5, 10_001, '1e3', '', true, null, [1], Number.NaN])(
    'are refused: %j replicas',
    (replicas) => {
      expect(() => valuesFrom({ replicas }, ['replicas'])).toThrow();
    },
  );
});
