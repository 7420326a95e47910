import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import Dockerode from 'dockerode';
import { seededRandom } from '../../src/streams/testing/turns.js';
import { eventually } from './eventually.js';
import type { EngineProxy } from './engine-proxy.js';
import type { FaultyLink } from './faulty-link.js';
import type { PrivateEngine } from './private-engine.js';

/** As many containers as there are at a time, about. */
const MOST_CONTAINERS = 16;
const NETWORKS = ['driven-one', 'driven-two'];
const WORKERS = 4;
/** The time from one fault of the line to the next, at most. */
const BETWEEN_FAULTS_MS = 500;
const LONGEST_FAULT_MS = 900;

type Random = () => number;

/**
 * Does to containers whatever can be done, as fast as the engine takes it, from outside of Dockmaster: straight on the engine's
 * socket. What it does follows from a seed; when the engine does it does not.
 */
export class ContainerDriver {
  /** How often each thing was done, and `refused` for what the engine would not do or was not there for. */
  readonly done: Record<string, number> = {};
  private readonly docker: Dockerode;
  /** Its own: the engine does not always give a name free whose owner is renamed and removed at the same time. */
  private readonly names: readonly string[];
  private ids: string[] = [];
  private stopped = false;

  constructor(
    private readonly engine: PrivateEngine,
    private readonly seed: number,
  ) {
    this.docker = new Dockerode({ socketPath: engine.socketPath });
    this.names = Array.from({ length: 12 }, (_, index) => `driven-${String(seed)}-${String(index)}`);
  }

  /** Removes what an earlier one left, and makes networks, and containers to begin with. */
  async prepare(): Promise<void> {
    await this.clear();
    const random = seededRandom(this.seed);
    for (const name of NETWORKS) await this.docker.createNetwork({ Name: name });
    await Promise.all(this.names.slice(0, MOST_CONTAINERS / 2).map((name) => this.create(name, random)));
  }

  /** Goes on for so long, with faults on the line, and the engine killed amid it and started anew. */
  async run(ms: number, line: { link: FaultyLink; proxy: EngineProxy }): Promise<void> {
    const workers = Array.from({ length: WORKERS }, (_, index) => this.work(seededRandom(this.seed + index)));
    const faults = this.disturb(seededRandom(this.seed + WORKERS), line);
    const killAfter = ms * (0.3 + 0.4 * seededRandom(this.seed)());
    try {
      await pause(killAfter);
      await this.engine.kill();
      await this.forgetContainerd();
      await this.engine.restart();
      await pause(ms - killAfter);
    } finally {
      this.stopped = true;
      await Promise.all([...workers, faults]);
    }
  }

  /** Removes all that there is. To be called before the engine is stopped: what is paused does not end otherwise. */
  async clear(): Promise<void> {
    await eventually(
      async () => {
        const left = await this.existing();
        // What is being removed already is refused, and looked for again.
        await Promise.allSettled(
          left.map(({ Id }) => this.docker.getContainer(Id).remove({ force: true, v: true })),
        );
        return left.length;
      },
      (left) => left === 0,
    );
    for (const { Id, Name } of await this.docker.listNetworks())
      if (NETWORKS.includes(Name)) await this.docker.getNetwork(Id).remove();
  }

  /**
   * The engine's document of each container that there is. One that was killed amid a removal may go on to list what it
   * does not have any more.
   */
  async existing(): Promise<Dockerode.ContainerInspectInfo[]> {
    const listed = await this.docker.listContainers({ all: true });
    const documents = listed.map(async ({ Id }) => {
      try {
        return [await this.docker.getContainer(Id).inspect()];
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return [];
        throw error;
      }
    });
    return (await Promise.all(documents)).flat();
  }

  /** The id of the killed containerd may by now be that of another process, which dockerd would take for it. */
  private async forgetContainerd(): Promise<void> {
    await once(this.engine.spawn('rm', ['-f', '/run/docker/containerd/containerd.pid']), 'exit');
  }

  private async work(random: Random): Promise<void> {
    while (!this.stopped) {
      const [what, act] = this.choose(random);
      try {
        await act();
        this.done[what] = (this.done[what] ?? 0) + 1;
      } catch {
        // Others work on the same containers, and the engine dies: a refusal is as good as a change.
        this.done['refused'] = (this.done['refused'] ?? 0) + 1;
        await pause(5);
      }
    }
  }

  private choose(random: Random): [what: string, act: () => Promise<unknown>] {
    const one = this.docker.getContainer(pick(this.ids, random) ?? 'none');
    const other = this.docker.getContainer(pick(this.ids, random) ?? 'none');
    const network = this.docker.getNetwork(pick(NETWORKS, random) ?? '');
    const name = pick(this.names, random) ?? '';
    const amount = random();
    const acts: [number, string, () => Promise<unknown>][] = [
      [this.ids.length < MOST_CONTAINERS ? 3 : 0, 'create', () => this.create(name, random)],
      [2, 'start', () => one.start()],
      [2, 'kill', () => one.kill()],
      [1, 'pause', () => one.pause()],
      [1, 'unpause', () => one.unpause()],
      [3, 'rename', () => one.rename({ name })],
      [3, 'swap', () => swapNames(one, other)],
      [2, 'connect', () => network.connect({ Container: one.id, EndpointConfig: { Aliases: [name] } })],
      [2, 'disconnect', () => network.disconnect({ Container: one.id, Force: amount < 0.5 })],
      [
        1,
        'update',
        () =>
          one.update({
            RestartPolicy: amount < 0.5 ? { Name: 'no' } : { Name: 'on-failure', MaximumRetryCount: 1 },
          }),
      ],
      [this.ids.length > MOST_CONTAINERS / 2 ? 2 : 1, 'remove', () => this.remove(one)],
    ];
    let at = random() * acts.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, what, act] of acts) {
      at -= weight;
      if (at < 0) return [what, act];
    }
    return ['create', () => this.create(name, random)];
  }

  private async create(name: string, random: Random): Promise<void> {
    const made = await this.docker.createContainer({
      Image: 'busybox',
      Cmd: random() < 0.8 ? ['sleep', '600'] : ['true'],
      StopSignal: 'SIGKILL', // so that an engine that starts anew is not kept waiting
      Labels: { team: random() < 0.5 ? 'web' : 'db', name },
      HostConfig: { NetworkMode: random() < 0.5 ? 'bridge' : (pick(NETWORKS, random) ?? 'none') },
      ...(random() < 0.7 ? { name } : {}),
    });
    this.ids.push(made.id);
    if (random() < 0.4) await made.start();
  }

  private async remove(container: Dockerode.Container): Promise<void> {
    await container.remove({ force: true, v: true });
    this.ids = this.ids.filter((id) => id !== container.id);
  }

  private async disturb(
    random: Random,
    { link, proxy }: { link: FaultyLink; proxy: EngineProxy },
  ): Promise<void> {
    const faults: (() => void)[] = [
      () => link.cut(),
      () => link.down(),
      () => link.still(),
      () => proxy.cut(/\/events/, { afterBytes: Math.floor(random() * 800) }),
      () => proxy.cut(/\/containers\/json/, { afterBytes: Math.floor(random() * 3_000) }),
      () => proxy.cut(/\/containers\/[0-9a-f]{64}\/json/, { afterBytes: Math.floor(random() * 3_000) }),
    ];
    while (!this.stopped) {
      await pause(random() * BETWEEN_FAULTS_MS);
      pick(faults, random)?.();
      await pause(random() * LONGEST_FAULT_MS);
      link.heal();
      proxy.heal();
    }
  }
}

/** Each gets the name of the other, by way of a third. */
async function swapNames(one: Dockerode.Container, other: Dockerode.Container): Promise<void> {
  const names = await Promise.all([one, other].map(async (each) => (await each.inspect()).Name.slice(1)));
  const [first = '', second = ''] = names;
  if (first === second) return;
  await one.rename({ name: `${first}-swapped` });
  try {
    await other.rename({ name: first });
  } finally {
    await one.rename({ name: second });
  }
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}
