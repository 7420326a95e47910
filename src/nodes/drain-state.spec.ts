import { describe, expect, it } from '@jest/globals';
import type { TaskDocument } from '../gate/engine-handle.js';
import { drainState, tasksOn } from './drain-state.js';

function task(
  id: string,
  node: string,
  state: string,
  {
    service = 'web',
    slot = 1,
    desired = 'running',
  }: { service?: string; slot?: number; desired?: string } = {},
): TaskDocument {
  return {
    ID: id,
    Version: { Index: 1 },
    CreatedAt: '',
    UpdatedAt: '',
    Spec: {},
    ServiceID: service,
    Slot: slot,
    NodeID: node,
    Status: { State: state },
    DesiredState: desired,
  };
}

const states = (before: readonly TaskDocument[], now: readonly TaskDocument[]) =>
  drainState('n', before, now).map(({ state }) => state);

describe('the tasks of a node', () => {
  it('are those of services that have not ended', () => {
    const all = [
      task('a', 'n', 'running'),
      task('b', 'n', 'preparing'),
      task('c', 'n', 'shutdown'),
      task('d', 'other', 'running'),
      task('e', 'n', 'running', { service: '' }),
    ];
    expect(tasksOn('n', all).map(({ ID }) => ID)).toEqual(['a', 'b']);
  });
});

describe('a task of a node that is drained', () => {
  const before = [task('a', 'n', 'running')];
  const stopping = task('a', 'n', 'running', { desired: 'shutdown' });
  const ended = task('a', 'n', 'shutdown', { desired: 'shutdown' });

  it.each<[what: string, now: TaskDocument[], state: string]>([
    ['has not been told yet', before, 'waiting'],
    ['is stopping', [stopping, task('b', 'm', 'running')], 'waiting'],
    ['has ended, and its successor starts', [ended, task('b', 'm', 'starting')], 'waiting'],
    ['has ended, and its successor has no place', [ended, task('b', '', 'pending')], 'waiting'],
    ['has ended, and its successor runs', [ended, task('b', 'm', 'running')], 'moved'],
    ['is gone, and its successor runs', [task('b', 'm', 'running')], 'moved'],
    ['has ended, and its successor has done its work', [task('b', 'm', 'complete')], 'moved'],
    ['has ended, and its service was removed', [], 'stopped'],
    [
      'has ended, and its replica is not wanted',
      [task('b', 'm', 'running', { desired: 'remove' })],
      'stopped',
    ],
    ['has ended, and only another replica runs', [ended, task('b', 'm', 'running', { slot: 2 })], 'stopped'],
    ['has come back, since the node takes tasks again', [ended, task('b', 'n', 'running')], 'waiting'],
  ])('%s', (_, now, state) => {
    expect(states(before, now)).toEqual([state]);
  });

  it('of a global service moves nowhere', () => {
    const global = [task('a', 'n', 'running', { slot: 0 })];
    expect(states(global, [task('b', 'm', 'running', { slot: 0 })])).toEqual(['stopped']);
    expect(states(global, global)).toEqual(['waiting']);
  });
});
