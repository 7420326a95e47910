import { describe, expect, it } from '@jest/globals';
import { nextQuery } from './registry-lists.js';

describe('a Link header', () => {
  it.each([
    ['</v2/_catalog?last=b&n=2>; rel="next"', 'last=b&n=2'],
    ['<http://other.example/v2/_catalog?last=b&n=2>; rel=next', 'last=b&n=2'],
    ['<?page=opaque%3D%3D>;rel="next"', 'page=opaque%3D%3D'],
    ['</a?x=1>; rel="prev", </b?y=2>; rel="next"', 'y=2'],
    ['</a?x=1>; title="t"; rel="next"', 'x=1'],
  ])('%s leads to the query %s, and to no other address', (link, query) => {
    expect(nextQuery(link)).toBe(query);
  });

  it.each([
    undefined,
    '',
    '</v2/_catalog>; rel="next"',
    '</a?x=1>; rel="prev"',
    '<http://[>; rel="next"',
    `</a?${'x'.repeat(3000)}>; rel="next"`,
  ])('%s leads nowhere', (link) => {
    expect(nextQuery(link)).toBeUndefined();
  });
});
