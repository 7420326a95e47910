import { describe, expect, it } from '@jest/globals';
import { teamNamesOf } from './oidc-groups.js';

const MAPPING = Object.assign(Object.create(null) as Record<string, string[]>, {
  'docker-web': ['web'],
  '/ops': ['ops', 'web'],
});

describe('the groups of a provider', () => {
  it.each([
    ['stand for the teams they are mapped to, each once', ['docker-web', '/ops', 'other'], ['web', 'ops']],
    ['may be a single one', 'docker-web', ['web']],
    ['are none where the claim is missing', undefined, []],
    ['are none where the claim is no list of texts', { 'docker-web': true }, []],
    ['count where they are texts', [1, null, 'docker-web', ['docker-web']], ['web']],
    ['are no property of an object', ['constructor', '__proto__', 'toString'], []],
  ])('%s', (_what, claim, teams) => {
    expect(teamNamesOf(claim, MAPPING)).toEqual(teams);
  });

  it('stand for teams of the same name, in any case', () => {
    expect(teamNamesOf(['Web', 'web', 'not a team', '/ops', 'ops'], 'same-name')).toEqual(['web', 'ops']);
  });

  it('beyond a thousand are not looked at', () => {
    const groups = Array.from({ length: 1_500 }, (_unused, index) => `team-${index}`);
    expect(teamNamesOf(groups, 'same-name')).toHaveLength(1_000);
  });
});
