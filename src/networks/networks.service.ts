import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import { removeIfUnused } from '../common/remove-if-unused.js';
import { labelMatcher } from '../containers/container-filter.js';
import { requireSupported } from '../containers/engine-options.js';
import { untilMs } from '../containers/engine-time.js';
import { toEndpoint } from '../containers/network.mapper.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { orConflict } from './engine-refusals.js';
import { overlap, parseRange } from './ip-range.js';
import { NETWORKS, type NetworkRecord } from './network-catalog.js';
import {
  NETWORK_CONNECT_OPTIONS,
  NETWORK_CREATE_OPTIONS,
  requireAddresses,
  requireConsistent,
  toNetworkBody,
} from './network-create.mapper.js';
import { networkMatcher, usedBy } from './network-filter.js';
import type { NetworkFilter } from './network-list.inputs.js';
import type { NetworkPath } from './network-paths.js';
import type {
  ConnectNetworkInput,
  CreateNetworkInput,
  DisconnectNetworkInput,
  PruneNetworksInput,
} from './network.inputs.js';
import { endpointsOn, isPredefined, toNetwork, toNetworkDetails } from './network.mapper.js';
import type { Network, NetworkDetails, NetworkEndpoint, NetworkPruneResult } from './network.model.js';

/** What networks there are, making and removing them, and which containers are on them. */
@Injectable()
export class NetworksService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: NetworkFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<NetworkRecord, Network>> {
    const handle = this.gate.as(actor).engine(engine);
    const view = await handle.objects('network', { fresh });
    // Which are in use changes with the containers: their revision is a part of the question.
    const containers =
      filter.dangling === undefined ? undefined : await handle.objects('container', { fresh });
    const matcher = (wanted: NetworkFilter) => networkMatcher(wanted, usedBy(containers?.records ?? []));
    return new ObjectPages(
      { catalog: NETWORKS, engine, view, filter: listedFilter(filter, matcher, containers?.revision) },
      query,
    );
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  async get(actor: Actor, { engine, id }: NetworkPath, { fresh }: FreshQuery = {}): Promise<NetworkDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /** The network after a change, for whoever may see it. */
  async find(actor: Actor, { engine, id }: NetworkPath): Promise<NetworkDetails | null> {
    const handle = this.gate.as(actor).engine(engine);
    if (!(await handle.mayEver('networks:list'))) return null;
    const { records } = await handle.objects('network');
    const found =
      records.find((record) => record.id === id) ??
      records.find((record) => record.name === id) ??
      records.find((record) => record.id.startsWith(id));
    if (!found || !(await handle.allowed('network', ['networks:get'], [found])).has(found.id)) return null;
    return inspect(handle, found.id);
  }

  /**
   * @throws DomainError `invalid_input` for a network that contradicts itself, `conflict` for a name or addresses that are
   *   taken
   */
  async create(
    actor: Actor,
    engine: string,
    input: CreateNetworkInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<NetworkDetails> {
    requireConsistent(input);
    const handle = this.gate.as(actor).engine(engine);
    const apiVersion = await handle.apiVersion('NetworkCreate', 'NetworkInspect');
    requireSupported(input, NETWORK_CREATE_OPTIONS, apiVersion);
    const body = toNetworkBody(input);
    if (dryRun) {
      await handle.rehearse('NetworkCreate', { body });
      await requireFree(handle, input);
      return planned(engine, body);
    }
    const { body: created } = await orConflict(() =>
      handle.json<{ Id: string; Warning?: string }>('NetworkCreate', { body, timeoutMs: 0 }),
    );
    const warnings = created.Warning === undefined || created.Warning === '' ? [] : [created.Warning];
    return { ...(await inspect(handle, created.Id)), warnings };
  }

  /** @throws DomainError `conflict` while containers are on it, and for a network of the engine's own */
  async remove(actor: Actor, { engine, id }: NetworkPath): Promise<void> {
    const handle = this.gate.as(actor).engine(engine);
    await orConflict(() => handle.json('NetworkDelete', { params: { id }, timeoutMs: 0 }));
  }

  /** @throws DomainError `conflict` where the container is on it already, or an address is taken */
  async connect(actor: Actor, { engine, id }: NetworkPath, input: ConnectNetworkInput): Promise<void> {
    requireAddresses(input);
    const handle = this.gate.as(actor).engine(engine);
    const { container, ...endpoint } = input;
    const asked = { params: { id }, body: { Container: container } };
    const version = await handle.apiVersionFor('NetworkConnect', asked);
    requireSupported(input, NETWORK_CONNECT_OPTIONS, version);
    const body = { Container: container, EndpointConfig: toEndpoint(endpoint) };
    await orConflict(() => handle.json('NetworkConnect', { params: { id }, body, timeoutMs: 0 }));
  }

  /** @throws DomainError `conflict` where the container is not on it */
  async disconnect(
    actor: Actor,
    { engine, id }: NetworkPath,
    { container, force = false }: DisconnectNetworkInput,
  ): Promise<void> {
    const handle = this.gate.as(actor).engine(engine);
    const body = { Container: container, Force: force };
    await orConflict(() => handle.json('NetworkDisconnect', { params: { id }, body, timeoutMs: 0 }));
  }

  /**
   * Removes networks that no container is on, one by one: each is authorised and recorded, and only what the actor may
   * remove goes. The engine's own prune would ask nobody, and would take those that stopped containers come back to.
   */
  async prune(
    actor: Actor,
    engine: string,
    { label, until }: PruneNetworksInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<NetworkPruneResult> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('NetworkPrune', 'NetworkDelete');
    const meetsLabels = labelMatcher(label);
    const before = untilMs(until);
    const { records } = await handle.objects('network', { fresh: true });
    const isUsed = usedBy((await handle.objects('container', { fresh: true })).records);
    const wanted = records.filter(
      (record) =>
        !isPredefined(record.kept) &&
        !isUsed(record) &&
        record.createdAt < before &&
        meetsLabels(record.labels),
    );
    const allowed = await handle.allowed('network', ['networks:prune', 'networks:delete'], wanted);
    const deleted: NetworkPruneResult['deleted'] = [];
    for (const { id, name } of wanted) {
      const remove = () => orConflict(() => handle.json('NetworkDelete', { params: { id }, timeoutMs: 0 }));
      if (allowed.has(id) && (dryRun || (await removeIfUnused(remove)))) deleted.push({ id, name });
    }
    return { deleted };
  }
}

async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<NetworkDetails> {
  const { document, ...freshness } = await handle.object('network', id, { fresh });
  const network = { id: document.Id, name: document.Name };
  return toNetworkDetails(
    handle.name,
    document,
    await endpointsOf(handle, network, fresh),
    toFreshness(freshness),
  );
}

/** The containers on a network, as far as the actor may see; null where it may see no containers at all. */
async function endpointsOf(
  handle: EngineHandle,
  network: { readonly id: string; readonly name: string },
  fresh?: boolean,
): Promise<NetworkEndpoint[] | null> {
  if (!(await handle.mayEver('containers:list'))) return null;
  return endpointsOn(network, (await handle.objects('container', { fresh })).records);
}

/** For dry runs: what the engine would find taken, as far as the actor may see it. */
async function requireFree(handle: EngineHandle, { name, ipam }: CreateNetworkInput): Promise<void> {
  if (!(await handle.mayEver('networks:list'))) return;
  const { records } = await handle.objects('network');
  if (records.some((record) => record.name === name))
    throw new DomainError('conflict', `There is a network ${name} already`);
  const subnets = (ipam?.pools ?? []).flatMap(({ subnet }) => parseRange(subnet) ?? []);
  const taken = records.find(({ kept }) =>
    toNetwork(handle.name, kept)
      .ipam.pools.flatMap(({ subnet }) => parseRange(subnet) ?? [])
      .some((range) => subnets.some((subnet) => overlap(subnet, range))),
  );
  if (taken) throw new DomainError('conflict', `The addresses overlap with those of network ${taken.name}`);
}

function planned(engine: string, body: object): NetworkDetails {
  const created = new Date().toISOString();
  const document = { ...body, Id: '', Created: created };
  const freshness = toFreshness({ syncedAt: Date.now(), staleSince: undefined });
  return { ...toNetworkDetails(engine, document, [], freshness), raw: null };
}
