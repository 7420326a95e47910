import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { NODES, type NodeRecord } from './node-catalog.js';
import { changeNode } from './node-changes.js';
import { nodeMatcher } from './node-filter.js';
import type { NodeFilter } from './node-list.inputs.js';
import type { NodePath } from './node-paths.js';
import type { RemoveNodeQuery, UpdateNodeInput } from './node.inputs.js';
import { toNodeDetails } from './node.mapper.js';
import type { Node, NodeDetails } from './node.model.js';

/** What nodes there are, changing and removing them. */
@Injectable()
export class NodesService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: NodeFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<NodeRecord, Node>> {
    const view = await this.gate.as(actor).engine(engine).objects('node', { fresh });
    const from = { catalog: NODES, engine, view, filter: listedFilter(filter, nodeMatcher) };
    return new ObjectPages(from, query);
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  get(actor: Actor, { engine, id }: NodePath, { fresh }: FreshQuery = {}): Promise<NodeDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /**
   * @throws DomainError `conflict` where it was changed meanwhile, and where the swarm cannot do without it as a manager
   */
  async update(actor: Actor, { engine, id }: NodePath, input: UpdateNodeInput): Promise<NodeDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await changeNode(handle, id, input);
    return inspect(handle, id, true);
  }

  /** @throws DomainError `conflict` for a manager, and for a node that is not down unless `force` */
  async remove(actor: Actor, { engine, id }: NodePath, { force = false }: RemoveNodeQuery): Promise<void> {
    await this.gate.as(actor).engine(engine).json('NodeDelete', { params: { id }, query: { force } });
  }
}

async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<NodeDetails> {
  const { document, ...freshness } = await handle.object('node', id, { fresh });
  return toNodeDetails(handle.name, document, toFreshness(freshness));
}
