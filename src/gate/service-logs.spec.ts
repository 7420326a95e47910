import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { frame } from '../engine/wire/wire.fixture.js';
import type { State } from '../state/state.js';
import type { Admission } from './admission.js';
import type { Authoriser } from './authoriser.js';
import { SwarmLogs } from './service-logs.js';

const T = '2026-01-02T03:04:05.000000001Z';

/** A service with these tasks, newest first, and what each has written; a task without a text is on a node that is away. */
function logsOf(texts: Readonly<Record<string, string | undefined>>, { gone = false } = {}) {
  const tasks = Object.keys(texts).map((ID) => ({
    kept: { ID, ServiceID: 's', NodeID: 'n', Spec: {}, Status: { ContainerStatus: { ContainerID: 'c' } } },
  }));
  const waiting = { kept: { ID: 'waiting', ServiceID: 's', Spec: {}, Status: { State: 'pending' } } };
  const others = { kept: { ...tasks[0]?.kept, ID: 'other', ServiceID: 'other' } };
  const opened: AbortSignal[] = [];
  const state = {
    of: (_: string, kind: string) => ({
      snapshot: () =>
        Promise.resolve({
          records: kind === 'task' ? [...tasks, waiting, others] : gone ? [] : [{ id: 's' }],
        }),
    }),
  } as unknown as State;
  const admission = {
    engine: 'local',
    target: { kind: 'service', id: 's' },
    request: {},
    connection: {
      stream: (_: string, { params, signal }: { params: { id: string }; signal: AbortSignal }) => {
        const text = texts[params.id];
        if (text === undefined)
          return Promise.reject(new DomainError('engine_error', 'node n is not available'));
        const details = `com.docker.swarm.node.id=n,com.docker.swarm.task.id=${params.id}`;
        const body = Readable.from([frame('stdout', `${T} ${details} ${text}\n`)]);
        opened.push(signal);
        return Promise.resolve({ body });
      },
    },
  } as unknown as Admission;
  return { logs: new SwarmLogs(state, {} as Authoriser), admission, opened };
}

async function read(source: ReturnType<typeof logsOf>, follow: boolean) {
  const lines: string[] = [];
  for await (const batch of source.logs.open(source.admission, follow, new AbortController().signal))
    lines.push(...batch.map(({ taskId, stream, message }) => `${taskId} ${stream} ${message}`));
  return lines;
}

describe('the log of a service', () => {
  it('is that of each task which has a container, the oldest first', async () => {
    expect(await read(logsOf({ b: 'two', a: 'one' }), false)).toEqual(['a stdout one', 'b stdout two']);
  });

  it('tells in its place what cannot be had, and goes on', async () => {
    const missing = 'a gap Lines are missing here: node n is not available';
    expect(await read(logsOf({ b: 'two', a: undefined }), false)).toEqual([missing, 'b stdout two']);
    expect((await read(logsOf({ b: 'two', a: undefined }, { gone: true }), true)).sort()).toEqual([
      missing,
      'b stdout two',
    ]);
  });

  it('closes what it has opened when its reader leaves', async () => {
    const source = logsOf({ b: 'two', a: 'one' });
    for await (const batch of source.logs.open(source.admission, true, new AbortController().signal)) {
      expect(batch).toHaveLength(1);
      break;
    }
    expect(source.opened.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
