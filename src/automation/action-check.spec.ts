import { describe, expect, it } from '@jest/globals';
import { checkAction, permissionsOf } from './action-check.js';
import type { ActionInput } from './action.inputs.js';

const check = (action: Partial<ActionInput>, ...values: ('tag' | 'digest' | 'replicas')[]) =>
  checkAction({ kind: 'startContainer', engine: 'local', ...action }, values);
const refused = (field: string) =>
  expect.objectContaining({
    kind: 'invalid_input',
    errors: [expect.objectContaining({ field: `action.${field}` })],
  });

describe('an action', () => {
  it('has what goes with its kind', () => {
    expect(() => check({ target: 'web' })).not.toThrow();
    expect(() =>
      check({ kind: 'recreateContainer', target: 'web', tag: 'v1', recreate: {} }, 'digest'),
    ).not.toThrow();
    expect(() => check({ kind: 'scaleService', target: 'web', replicas: 0 })).not.toThrow();
    expect(() => check({ kind: 'scaleService', target: 'web' }, 'replicas')).not.toThrow();
    expect(() => check({ kind: 'prune', prune: {} })).not.toThrow();
  });

  it('is refused without it, and with what goes with another', () => {
    expect(() => check({})).toThrow(refused('target'));
    expect(() => check({ target: 'web', tag: 'v1' })).toThrow(refused('tag'));
    expect(() => check({ target: 'web' }, 'tag')).toThrow(refused('kind'));
    expect(() => check({ kind: 'scaleService', target: 'web' })).toThrow(refused('replicas'));
    expect(() => check({ kind: 'recreateContainer', target: 'web' }, 'replicas')).toThrow(refused('kind'));
    expect(() => check({ kind: 'runContainer', run: { image: 'app', autoRemove: true } })).toThrow(
      refused('run.autoRemove'),
    );
    expect(() =>
      check({ kind: 'runContainer', run: { image: 'app', restartPolicy: { name: 'always' } } }),
    ).toThrow(refused('run.restartPolicy'));
  });

  it('needs the permission to pull only where it pulls', () => {
    const needs = (action: Partial<ActionInput>) =>
      permissionsOf({ kind: 'recreateContainer', engine: 'local', ...action }).includes('images:pull');
    expect(needs({})).toBe(true);
    expect(needs({ recreate: { pull: false } })).toBe(false);
    expect(needs({ kind: 'runContainer', run: { image: 'app' } })).toBe(false);
    expect(needs({ kind: 'runContainer', run: { image: 'app', pull: 'missing' } })).toBe(true);
  });
});
