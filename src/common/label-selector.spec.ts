import { describe, expect, it } from '@jest/globals';
import { DomainError } from './errors.js';
import {
  MAX_LABEL_SELECTOR_LENGTH,
  matchesLabels,
  parseLabelSelector,
  UNKNOWN_LABELS,
} from './label-selector.js';

const selects = (selector: string, labels: Record<string, string>) =>
  matchesLabels(parseLabelSelector(selector), labels);

describe('a label selector', () => {
  it.each([
    ['', {}, true],
    ['  ', { env: 'prod' }, true],
    ['env', { env: '' }, true],
    ['env', {}, false],
    ['!env', {}, true],
    ['! env', { env: 'prod' }, false],
    ['env=prod', { env: 'prod' }, true],
    ['env == prod', { env: 'prod' }, true],
    ['env=prod', { env: 'test' }, false],
    ['env=prod', {}, false],
    ['env!=prod', { env: 'test' }, true],
    ['env!=prod', { env: 'prod' }, false],
    ['env!=prod', {}, true],
    ['env=', { env: '' }, true],
    ['env=', { env: 'prod' }, false],
    ['env=,team', { env: '', team: 'x' }, true],
    ['env in (prod,test)', { env: 'test' }, true],
    ['env in ( prod , test )', { env: 'dev' }, false],
    ['env in (prod)', {}, false],
    ['env in (prod,)', { env: '' }, true],
    ['env notin (prod,test)', { env: 'dev' }, true],
    ['env notin (prod,test)', { env: 'prod' }, false],
    ['env notin (prod)', {}, true],
    ['env=prod,team=web', { env: 'prod', team: 'web' }, true],
    ['env=prod,team=web', { env: 'prod', team: 'api' }, false],
    ['env in (a,b),!legacy,team', { env: 'b', team: '' }, true],
    ['com.docker.compose.project=shop', { 'com.docker.compose.project': 'shop' }, true],
    ['example.com/role=a:b@c', { 'example.com/role': 'a:b@c' }, true],
    ['env=in', { env: 'in' }, true],
    ['env in (in,notin)', { env: 'notin' }, true],
    ['Env=prod', { env: 'prod' }, false],
    ['constructor', {}, false],
    ['!toString', {}, true],
  ])('%j on %j selects: %s', (selector, labels: Record<string, string>, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it.each(['env', '!env', 'env!=prod', 'env notin (prod)', 'env=prod', 'env in (prod)'])(
    '%j selects nothing of which the labels are not known',
    (selector) => {
      expect(matchesLabels(parseLabelSelector(selector), UNKNOWN_LABELS)).toBe(false);
      expect(matchesLabels(parseLabelSelector(selector), { ...UNKNOWN_LABELS })).toBe(false);
      expect(JSON.stringify(UNKNOWN_LABELS)).toBe('{}');
    },
  );

  it.each([
    ',',
    'env,',
    ',env',
    'env,,team',
    '=prod',
    '!',
    '!!env',
    'env prod',
    'env=a b',
    'env=a=b',
    'env===a',
    'env in',
    'env in prod',
    'env in ()',
    'env in (a',
    'env in (a b)',
    'env in a)',
    'env notin',
    '(env)',
    'env>1',
    'env<1',
    'env=\u0000',
    'e\u007fnv',
  ])('%j is refused, and the error names the field', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(DomainError);
    expect(() => parseLabelSelector(selector)).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: [expect.objectContaining({ field: 'labelSelector' })],
      }),
    );
  });

  it('is bounded in length', () => {
    expect(parseLabelSelector('k'.repeat(MAX_LABEL_SELECTOR_LENGTH))).toHaveLength(1);
    expect(() => parseLabelSelector('k'.repeat(MAX_LABEL_SELECTOR_LENGTH + 1))).toThrow(
      'at most 1024 characters',
    );
  });
});
