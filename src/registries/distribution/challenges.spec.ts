import { describe, expect, it } from '@jest/globals';
import { parseChallenges } from './challenges.js';

describe('a WWW-Authenticate header', () => {
  it.each([
    ['Basic realm="Registry"', [{ scheme: 'basic', parameters: { realm: 'Registry' } }]],
    [
      'Bearer realm="https://auth.example.com/token",service="registry.example.com",scope="repository:a/b:pull,push"',
      [
        {
          scheme: 'bearer',
          parameters: {
            realm: 'https://auth.example.com/token',
            service: 'registry.example.com',
            scope: 'repository:a/b:pull,push',
          },
        },
      ],
    ],
    [
      'BEARER Realm = "a" , service=b, Basic realm="c \\"d\\", e"',
      [
        { scheme: 'bearer', parameters: { realm: 'a', service: 'b' } },
        { scheme: 'basic', parameters: { realm: 'c "d", e' } },
      ],
    ],
    [
      'Negotiate, Basic realm=x',
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'basic', parameters: { realm: 'x' } },
      ],
    ],
    ['Basic', [{ scheme: 'basic', parameters: {} }]],
    ['', []],
    [', ,', []],
    ['"Basic"', []],
    ['Basic realm="unended', [{ scheme: 'basic', parameters: {} }]],
  ])('%j offers %j', (header, offered) => {
    expect(parseChallenges(header)).toEqual(offered);
  });

  it('of great length is read in no time worth telling', () => {
    expect(parseChallenges(`Basic ${'a='.repeat(100_000)}`).length).toBeLessThan(10_000);
    expect(parseChallenges(`Basic realm="${'\\\\'.repeat(100_000)}`)).toHaveLength(1);
  });
});
