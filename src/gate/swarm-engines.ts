import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { ExpiringCache } from '../common/expiring-cache.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import { EngineMonitor } from '../state/engine-monitor.js';
import { State } from '../state/state.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import type { KeptOf } from '../state/watched-kinds.js';

/** An engine may leave its swarm and join another. */
const KEPT_MS = 10_000;
const MOST_ENGINES = 1_000;

/** Where the tasks of a swarm may run, as far as Dockmaster has those engines. */
export interface Reach {
  /** Besides the one that was asked about. */
  readonly others: readonly EngineConnection[];
  /** How many nodes there are that no engine of ours is, or none that answers. */
  readonly unknown: number;
}

/** What runs in a swarm, by the word of one of its managers. */
export interface SwarmServices {
  readonly manager: string;
  readonly services: readonly ObjectRecord<KeptOf<'service'>>[];
}

/** Which of our engines is which node of a swarm. */
@Injectable()
export class SwarmEngines {
  private readonly nodes: ExpiringCache<string>;

  constructor(
    private readonly engines: EngineRegistry,
    private readonly monitor: EngineMonitor,
    private readonly state: State,
    clock: Clock,
  ) {
    this.nodes = new ExpiringCache(clock, { ttlMs: KEPT_MS, capacity: MOST_ENGINES });
  }

  /** The engine that is this node; undefined where none of ours is. */
  async engineOf(nodeId: string): Promise<string | undefined> {
    return (await this.byNode()).get(nodeId);
  }

  /**
   * The nodes of the swarm that `engine` manages.
   *
   * @throws DomainError where the engine manages none
   */
  async reachOf(engine: string): Promise<Reach> {
    const { records } = await this.state.of(engine, 'node').snapshot();
    const byNode = await this.byNode();
    const names = records.map(({ id }) => byNode.get(id));
    return {
      others: names.flatMap((name) =>
        name === undefined || name === engine ? [] : [this.engines.get(name)],
      ),
      unknown: names.filter((name) => name === undefined).length,
    };
  }

  /**
   * Those of the swarm that `engine` is in; none where it is in no swarm.
   *
   * @throws DomainError `engine_unavailable` where no manager of the swarm tells; any of the engine's own
   */
  async servicesOf(engine: string): Promise<SwarmServices> {
    const node = await this.nodeOf(engine);
    if (node === '') return { manager: engine, services: [] };
    const others = this.reachable().filter((name) => name !== engine);
    for (const manager of [engine, ...others]) {
      const nodes = await this.told(manager, 'node');
      if (nodes?.some(({ id }) => id === node) !== true) continue;
      const services = await this.told(manager, 'service');
      if (services) return { manager, services };
    }
    throw new DomainError(
      'engine_unavailable',
      `Engine "${engine}" is in a swarm, and none of its managers is an engine of Dockmaster's that answers: what its services mount is not known`,
    );
  }

  /** Undefined where the engine is no manager, or does not tell. */
  private async told<Kind extends 'node' | 'service'>(
    engine: string,
    kind: Kind,
  ): Promise<readonly ObjectRecord<KeptOf<Kind>>[] | undefined> {
    try {
      return (await this.state.of(engine, kind).snapshot()).records;
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  private async byNode(): Promise<ReadonlyMap<string, string>> {
    const reachable = this.reachable();
    const told = await Promise.allSettled(reachable.map((name) => this.nodeOf(name)));
    const ids = told.map((each) => (each.status === 'fulfilled' ? each.value : '')); // the monitor tells of engines that are away
    return new Map(ids.flatMap((id, index) => (id === '' ? [] : [[id, reachable[index] ?? ''] as const])));
  }

  private reachable(): string[] {
    return this.engines.names().filter((name) => this.monitor.health(name).reachable);
  }

  /** Empty for an engine in no swarm. */
  private nodeOf(name: string): Promise<string> {
    return this.nodes.get(name, async () => {
      const { body } = await this.engines
        .get(name)
        .json<{ Swarm?: { NodeID?: string; LocalNodeState?: string } | null }>('SystemInfo');
      const { NodeID = '', LocalNodeState = '' } = body.Swarm ?? {};
      // Locked, or starting: it is in a swarm, and does not know yet as which node.
      if (NodeID === '' && !['', 'inactive'].includes(LocalNodeState))
        throw new DomainError(
          'engine_unavailable',
          `Engine "${name}" is in a swarm, and its state there is ${LocalNodeState}`,
        );
      return NodeID;
    });
  }
}
