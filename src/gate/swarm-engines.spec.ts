import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { EngineRegistry } from '../engine/engine-registry.js';
import type { EngineMonitor } from '../state/engine-monitor.js';
import type { State } from '../state/state.js';
import { SwarmEngines } from './swarm-engines.js';

interface Engine {
  /** What its SystemInfo tells: which node it is. */
  node: string | Error;
  /** Of a manager. */
  nodes?: readonly string[] | Error;
  services?: readonly string[] | Error;
}

const AWAY = new DomainError('engine_unavailable', 'away');
const WORKER = new DomainError('swarm_worker', 'This node is not a swarm manager');

describe('the services of the swarm that an engine is in', () => {
  let engines: Record<string, Engine>;
  let away: Set<string>;
  let swarm: SwarmEngines;
  beforeEach(() => {
    away = new Set();
    engines = {
      alone: { node: '' },
      manager: { node: 'n1', nodes: ['n1', 'n2'], services: ['s1'] },
      other: { node: 'n9', nodes: ['n9'], services: ['s9'] },
      worker: { node: 'n2' },
    };
    const given = (name: string) => engines[name] ?? { node: AWAY };
    const registry = {
      names: () => Object.keys(engines),
      get: (name: string) => ({
        json: () => {
          const { node } = given(name);
          return node instanceof Error
            ? Promise.reject(node)
            : Promise.resolve({
                body: { Swarm: node === 'locked' ? { NodeID: '', LocalNodeState: node } : { NodeID: node } },
              });
        },
      }),
    };
    const state = {
      of: (name: string, kind: 'node' | 'service') => ({
        snapshot: () => {
          const ids = given(name)[kind === 'node' ? 'nodes' : 'services'] ?? WORKER;
          return ids instanceof Error
            ? Promise.reject(ids)
            : Promise.resolve({ records: ids.map((id) => ({ id })) });
        },
      }),
    };
    swarm = new SwarmEngines(
      registry as unknown as EngineRegistry,
      { health: (name: string) => ({ reachable: !away.has(name) }) } as unknown as EngineMonitor,
      state as unknown as State,
      new ManualClock(),
    );
  });

  it.each([
    ['alone', 'alone', []],
    ['manager', 'manager', ['s1']],
    ['worker', 'manager', ['s1']],
    ['other', 'other', ['s9']],
  ])('are, for %s, by the word of %s, %j', async (engine, manager, ids) => {
    expect(await swarm.servicesOf(engine)).toMatchObject({ manager, services: ids.map((id) => ({ id })) });
  });

  it.each<[string, () => void]>([
    ['the engine does not say whether it is in one', () => (engines['worker'] = { node: AWAY })],
    ['the engine is in one that is locked', () => (engines['worker'] = { node: 'locked' })],
    ['no manager of it is an engine of ours', () => delete engines['manager']],
    ['its manager is away', () => away.add('manager')],
    ['its manager has lost the quorum', () => (engines['manager'] = { node: 'n1', nodes: AWAY })],
    [
      'its manager tells of nodes, and not of services',
      () => (engines['manager'] = { node: 'n1', nodes: ['n1', 'n2'], services: AWAY }),
    ],
  ])('are not said to be none where %s', async (_, happens) => {
    happens();
    await expect(swarm.servicesOf('worker')).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });

  it('are those of who answers, whoever else does not', async () => {
    engines['silent'] = { node: AWAY, nodes: AWAY };
    expect(await swarm.servicesOf('worker')).toMatchObject({ manager: 'manager' });
    expect(await swarm.engineOf('n2')).toBe('worker');
  });
});
