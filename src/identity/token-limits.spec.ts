import { describe, expect, it } from '@jest/globals';
import { narrow, type TokenLimits } from './token-limits.js';

const own: TokenLimits = {
  permissions: ['containers:*', '*:list', 'images:pull'],
  engines: ['local', 'edge'],
};

describe('limits of a token made by somebody without limits', () => {
  it('are what was asked for', () => {
    expect(narrow({})).toEqual({});
    expect(narrow({ permissions: ['*:*'], engines: ['*'] })).toEqual({
      permissions: ['*:*'],
      engines: ['*'],
    });
  });

  it('name each thing once', () => {
    expect(narrow({ engines: ['local', 'local'] })).toEqual({ engines: ['local'] });
  });
});

describe('limits of a token made with a limited token', () => {
  it('are the same where nothing is asked for', () => {
    expect(narrow({}, own)).toEqual(own);
  });

  it('may be narrower', () => {
    const asked: TokenLimits = {
      permissions: ['containers:start', 'containers:*', 'volumes:list', 'images:pull'],
      engines: ['edge'],
    };
    expect(narrow(asked, own)).toEqual(asked);
  });

  it.each([
    [{ permissions: ['images:push'] }],
    [{ permissions: ['images:*'] }],
    [{ permissions: ['*:get'] }],
    [{ permissions: ['*:*'] }],
    [{ permissions: ['containers:start', 'images:push'] }],
    [{ engines: ['other'] }],
    [{ engines: ['*'] }],
  ] as [TokenLimits][])('may not be wider: %j', (asked) => {
    expect(() => narrow(asked, own)).toThrow(expect.objectContaining({ kind: 'forbidden' }));
  });

  it('may name single engines where the own token has all', () => {
    expect(narrow({ engines: ['local'] }, { engines: ['*'] })).toEqual({ engines: ['local'] });
  });
});
