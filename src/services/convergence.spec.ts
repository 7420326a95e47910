import { describe, expect, it } from '@jest/globals';
import type { ServiceDocument, TaskOfService } from '../gate/engine-handle.js';
import { type Convergence, ConvergenceFollower, type Expectation } from './convergence.js';

const TEMPLATE = { ContainerSpec: { Image: 'app:2', Env: ['A=1'] }, ForceUpdate: 0 };
const OLD = { ContainerSpec: { Image: 'app:1' }, ForceUpdate: 0 };
const T0 = '2026-01-01T00:00:00Z';

function service(
  rest: Partial<ServiceDocument> = {},
  mode: object = { Replicated: { Replicas: 2 } },
): ServiceDocument {
  return {
    ID: 's',
    Version: { Index: 7 },
    CreatedAt: T0,
    UpdatedAt: T0,
    // As engines tell: the runtime stands in the service alone.
    Spec: { TaskTemplate: { ...TEMPLATE, Runtime: 'container' }, Mode: mode },
    ...rest,
  };
}

function task(slot: number, state: string, rest: object = {}): TaskOfService {
  return {
    ID: `t${slot}-${state}`,
    Version: { Index: 1 },
    CreatedAt: T0,
    UpdatedAt: T0,
    ServiceID: 's',
    Slot: slot,
    NodeID: 'n',
    Spec: TEMPLATE,
    DesiredState: 'running',
    Status: { State: state },
    serviceLabels: {},
    ...rest,
  };
}

const status = (State: string, Message = '') => ({ UpdateStatus: { State, Message, StartedAt: T0 } });
const failed = (slot: number, Err: string) =>
  task(slot, 'failed', { DesiredState: 'shutdown', Status: { State: 'failed', Err } });

/** What is seen at each of these moments, in seconds. */
function seen(
  expects: Expectation,
  ...looks: readonly [at: number, service: ServiceDocument, tasks: readonly TaskOfService[]][]
): Convergence[] {
  const follower = new ConvergenceFollower(expects);
  return looks.map(([at, document, tasks]) => follower.look(document, tasks, at * 1_000));
}
const phases = (...args: Parameters<typeof seen>) => seen(...args).map(({ phase }) => phase);
const both = [task(1, 'running'), task(2, 'running')];

describe('a service', () => {
  it('has converged once all its tasks have run for as long as it watches new ones', () => {
    expect(
      phases(
        'change',
        [0, service(), [task(1, 'running'), task(2, 'starting')]],
        [1, service(), both],
        [5.9, service(), both],
        [6, service(), both],
      ),
    ).toEqual(['converging', 'converging', 'converging', 'converged']);
  });

  it('has not, where a task failed meanwhile', () => {
    const one = [task(1, 'running'), failed(2, 'exit 1'), task(2, 'preparing')];
    expect(
      phases(
        'change',
        [0, service(), both],
        [4, service(), one],
        [6, service(), both],
        [11, service(), both],
      ),
    ).toEqual(['converging', 'converging', 'converging', 'converged']);
  });

  it('has not while tasks of an earlier version run, or of more replicas', () => {
    const old = [task(1, 'running'), task(2, 'running', { Spec: OLD })];
    const more = [...both, task(3, 'running', { Spec: OLD })];
    expect(phases('change', [0, service(), old], [10, service(), old])).toEqual(['converging', 'converging']);
    expect(phases('change', [0, service(), more], [10, service(), more])).toEqual([
      'converging',
      'converging',
    ]);
    expect(seen('change', [0, service(), old])[0]).toMatchObject({ running: 1, desired: 2 });
  });

  it('has at once, where the swarm says that its update is completed', () => {
    expect(
      phases('change', [0, service(status('updating')), both], [1, service(status('completed')), both]),
    ).toEqual(['converging', 'converged']);
  });

  it('has not while nodes are added to it, and with no task at all when it is to have none', () => {
    const none = service({}, { Replicated: { Replicas: 0 } });
    expect(phases('change', [0, none, []], [5, none, []])).toEqual(['converging', 'converged']);
    const everywhere = service({}, { Global: {} });
    const nodes = ['a', 'b'].map((NodeID) => task(0, 'running', { NodeID }));
    expect(seen('change', [0, everywhere, nodes])[0]).toMatchObject({ desired: 2, running: 2 });
  });

  it('is paused by a failure, and says why', () => {
    const [now] = seen('change', [
      0,
      service(status('paused', 'update paused due to failure')),
      [failed(1, 'no such image'), failed(2, 'no such image')],
    ]);
    expect(now).toMatchObject({
      phase: 'paused',
      updateMessage: 'update paused due to failure',
      errors: ['no such image'],
    });
  });

  it('is rolled back where nobody asked for that, however late it is looked at', () => {
    const rolling = service(status('rollback_started', 'update rolled back due to failure'));
    const done = service(status('rollback_completed', 'rollback completed'));
    expect(phases('change', [0, done, both])).toEqual(['rolledBack']);
    expect(phases('unknown', [0, rolling, both], [1, done, both])).toEqual(['converging', 'rolledBack']);
    expect(phases('change', [0, service(status('rollback_paused')), both])).toEqual(['rollbackPaused']);
  });

  it('says why it went back: what the tasks of the version that failed said', () => {
    const version = (Image: string) => ({ ...TEMPLATE, ContainerSpec: { Image } });
    const said = (Err: string, Image: string, Timestamp: string) =>
      task(1, 'failed', {
        Spec: version(Image),
        DesiredState: 'shutdown',
        Status: { State: 'failed', Err, Timestamp },
      });
    const tasks = [
      ...both,
      said('long ago', 'app:0', '2026-01-01T00:00:01Z'),
      said('exit 1', 'app:3', '2026-01-01T00:00:03Z'),
    ];
    const done = service({
      UpdateStatus: {
        State: 'rollback_completed',
        Message: 'rollback completed',
        StartedAt: '2026-01-01T00:01:00Z',
      },
    });
    expect(seen('change', [0, done, tasks])[0]).toMatchObject({ phase: 'rolledBack', errors: ['exit 1'] });
  });

  it('has converged by a rollback that was asked for', () => {
    const asked = service(status('rollback_started', 'manually requested rollback'));
    const done = service(status('rollback_completed', 'rollback completed'));
    expect(phases('rollback', [0, asked, both], [1, done, both])).toEqual(['converging', 'converged']);
    expect(phases('unknown', [0, asked, both], [1, done, both])).toEqual(['converging', 'converged']);
    expect(phases('unknown', [0, done, both])).toEqual(['converged']);
  });

  it('has failed where tasks failed and none take their place, but not before that is sure', () => {
    const over = [task(1, 'running'), failed(2, 'exit 3')];
    const again = [...over, task(2, 'ready', { DesiredState: 'ready' })];
    expect(
      phases(
        'change',
        [0, service(), over],
        [2, service(), again],
        [4, service(), over],
        [7, service(), over],
      ),
    ).toEqual(['converging', 'converging', 'converging', 'failed']);
  });

  it('goes on where it waits for a node', () => {
    const waiting = [
      task(1, 'running'),
      task(2, 'pending', { Status: { State: 'pending', Err: 'no suitable node' } }),
    ];
    const looks = seen('change', [0, service(), waiting], [60, service(), waiting]);
    expect(looks.map(({ phase }) => phase)).toEqual(['converging', 'converging']);
    expect(looks[1]).toMatchObject({
      errors: ['no suitable node'],
      places: [
        { place: '1', state: 'running' },
        { place: '2', state: 'pending: no suitable node' },
      ],
    });
  });
});

describe('a job', () => {
  const job = service(
    { JobStatus: { JobIteration: { Index: 1 } } },
    { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } },
  );
  const done = (slot: number, Index: number) =>
    task(slot, 'complete', { DesiredState: 'complete', JobIteration: { Index } });

  it('has converged when enough tasks of this run have completed', () => {
    expect(
      phases('change', [0, job, [done(1, 0), done(2, 0), done(1, 1)]], [1, job, [done(1, 1), done(2, 1)]]),
    ).toEqual(['converging', 'converged']);
  });
});

describe('what cannot be seen of a service', () => {
  it('does not keep it from converging: its environment was left out of one and not of the other', () => {
    const { Env: _, ...container } = TEMPLATE.ContainerSpec;
    const redacted = service({
      Spec: {
        TaskTemplate: { ...TEMPLATE, ContainerSpec: container },
        Mode: { Replicated: { Replicas: 2 } },
      },
    });
    expect(phases('change', [0, redacted, both], [5, redacted, both])).toEqual(['converging', 'converged']);
  });
});
