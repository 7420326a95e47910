import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import type { PrivateEngine } from './private-engine.js';
import { TestSwarm } from './swarm.js';

interface NodeOfSwarm {
  readonly Description: { readonly Hostname: string };
  readonly Spec: { readonly Role: string };
  readonly Status: { readonly State: string };
}

async function nodesOf(engine: PrivateEngine): Promise<string[]> {
  const { text } = await engine.call('GET', '/nodes');
  return (JSON.parse(text) as NodeOfSwarm[])
    .map(({ Description, Spec, Status }) => `${Description.Hostname} ${Spec.Role} ${Status.State}`)
    .sort();
}

describe('a swarm for tests', () => {
  let swarm: TestSwarm;

  beforeAll(async () => {
    swarm = await TestSwarm.start({ managers: 2 });
  });

  afterAll(() => swarm.stop());

  it('has as many managers and workers as were asked for, each on a machine of its own', async () => {
    expect(await nodesOf(swarm.engine(1))).toEqual([
      'node-1 manager ready',
      'node-2 manager ready',
      'node-3 worker ready',
    ]);
  });

  it('notices that an engine was killed, and takes it back', async () => {
    await swarm.engine(2).kill();
    await eventually(
      () => nodesOf(swarm.engine(0)),
      (nodes) => nodes.includes('node-3 worker down'),
    );
    await swarm.engine(2).restart();
    await eventually(
      () => nodesOf(swarm.engine(0)),
      (nodes) => nodes.includes('node-3 worker ready'),
    );
  });
});
