import { beforeEach, describe, expect, it } from '@jest/globals';
import { operation, type OperationId } from '../engine/operations/index.js';
import type { State } from '../state/state.js';
import type { Admission } from './admission.js';
import { OwnChanges } from './own-changes.js';

describe('a change of our own', () => {
  let touched: unknown[];
  beforeEach(() => {
    touched = [];
  });

  /** What memory is told of containers after the call. */
  const follow = (
    id: OperationId,
    rest: Partial<Admission>,
    { answer }: { answer: unknown } = { answer: {} },
  ) => {
    const containers = {
      touched: (...what: unknown[]) => touched.push(what),
      idOf: (reference: string) => (reference === 'web' ? 'abc' : undefined),
    };
    const others = { touched: () => undefined, touchedSome: () => undefined, idOf: () => undefined };
    const own = new OwnChanges({
      of: (_engine: string, kind: string) => (kind === 'container' ? containers : others),
    } as unknown as State);
    own.follow({ engine: 'local', operation: operation(id), request: {}, ...rest } as Admission, answer);
    return touched;
  };
  const target = { kind: 'container', id: 'abc', container: { id: 'abc' } } as Admission['target'];

  it('that makes a container is told of to all, for only now it has an owner', () => {
    expect(follow('ContainerCreate', {}, { answer: { Id: 'new' } })).toEqual([['new', { announce: true }]]);
  });

  it('that made no container is about none', () => {
    expect(follow('ContainerCreate', {}, { answer: undefined })).toEqual([]);
  });

  it.each([
    'ContainerStart',
    'ContainerRename',
    'ContainerDelete',
    'ContainerUpdate',
    'ContainerKill',
  ] as const)('by %s is about its container, also where it failed halfway', (id) => {
    expect(follow(id, { target })).toEqual([['abc']]);
    expect(follow(id, { target }, { answer: undefined })).toHaveLength(2);
  });

  it.each(['NetworkConnect', 'NetworkDisconnect'] as const)(
    'by %s is about the container that it names',
    (id) => {
      expect(follow(id, { request: { body: { Container: 'web' } } })).toEqual([['abc']]);
      expect(follow(id, { request: { body: { Container: 'unknown' } } })).toHaveLength(1);
    },
  );

  it('is no read', () => {
    expect(follow('ContainerInspect', { target })).toEqual([]);
  });
});
