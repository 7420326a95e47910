import { Injectable } from '@nestjs/common';
import type { ContainerInspectInfo, ImageInspectInfo, NetworkInspectInfo } from 'dockerode';
import { DomainError } from '../common/errors.js';
import { UNKNOWN_LABELS } from '../common/label-selector.js';
import type { Permission } from '../common/permissions.js';
import { isVolumeHelper } from '../common/reserved-labels.js';
import { State } from '../state/state.js';
import type { ConfigDocument, SecretDocument, ServiceDocument } from '../state/swarm-documents.js';
import { type DocumentOf, type WatchedKindName } from '../state/watched-kinds.js';
import type { TaskOfService } from '../state/watched-swarm.js';
import type { VolumeDocument } from '../state/watched-volumes.js';
import type { EngineEvent } from '../streams/streams.js';
import type { Admission } from './admission.js';
import { Authoriser, type ObjectInScope } from './authoriser.js';
import { labelsInEvent, NOT_LABELS } from './event-labels.js';
import { repositoriesOf } from './image-names.js';
import {
  configWithoutData,
  imageWithoutEnvironment,
  infoWithoutSwarmOptions,
  secretWithoutOptions,
  serviceWithoutEnvironment,
  swarmWithoutOptions,
  taskWithoutEnvironment,
  volumeWithoutOptions,
  withoutEnvironment,
  withoutMountSources,
} from './redaction.js';
import type { Rights } from './rights.js';
import { maySee, SHOWN, ShownObjects } from './shown-objects.js';
import { withoutHiddenUsers } from './user-counts.js';

/** Kinds of events, and who may know of them: whoever may list the objects. Other kinds tell of the engine itself. */
const LIST_PERMISSIONS: Readonly<Partial<Record<string, Permission>>> = {
  container: 'containers:list',
  image: 'images:list',
  network: 'networks:list',
  volume: 'volumes:list',
  plugin: 'plugins:list',
  node: 'nodes:list',
  service: 'services:list',
  secret: 'secrets:list',
  config: 'configs:list',
};

/** Cuts the engine's answers down to what the actor may see: what it may not see does not exist for it. */
@Injectable()
export class Visibility {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly shown: ShownObjects,
    private readonly state: State,
  ) {}

  /** What the engine lists of one kind, without what the actor may not see, and without what it may not read of it. */
  async listed(admission: Admission, kind: WatchedKindName, body: unknown): Promise<unknown> {
    if (kind !== 'volume') return this.listedObjects(admission, kind, body as readonly ListedDocument[]);
    const { Volumes, ...rest } = body as { Volumes: readonly ListedDocument[] | null };
    return { ...rest, Volumes: await this.listedObjects(admission, kind, Volumes ?? []) };
  }

  private async listedObjects(
    { actor, engine, rights }: Admission,
    kind: WatchedKindName,
    documents: readonly ListedDocument[],
  ): Promise<ListedDocument[]> {
    const { list, reveals } = SHOWN[kind];
    const facts = await this.factsOf(engine, kind, documents);
    const objects = this.authoriser.existingAll(actor, engine, kind, facts);
    const visible: ListedDocument[] = [];
    for (const [index, document] of documents.entries()) {
      const object = objects[index];
      if (kind === 'container' && isVolumeHelper(document.Labels, document.Names)) continue;
      if (!object || !(await maySee(rights, list, object, repositoriesOf(kind, document)))) continue;
      const whole = !reveals || (await rights.may(reveals, object));
      const shown = withoutHiddenUsers(rights, kind, whole ? document : withoutRevealed(kind, document));
      visible.push(kind === 'network' ? withoutOthersOfNetwork(rights, shown) : shown);
    }
    return visible;
  }

  /** By which is decided who may see them. A task does not tell of its service's labels: memory does. */
  private async factsOf(
    engine: string,
    kind: WatchedKindName,
    documents: readonly ListedDocument[],
  ): Promise<readonly ObjectInScope[]> {
    if (kind !== 'task')
      return documents.map((document) => ({ id: idOf(kind, document), labels: labelsOf(document) }));
    const { records } = await this.state.of(engine, 'service').snapshot();
    const known = new Map(records.map(({ id, labels }) => [id, labels]));
    return documents.map(({ ID = '', ServiceID = '' }) => ({
      id: ID,
      labels: known.get(ServiceID) ?? UNKNOWN_LABELS,
      belongsTo: { kind: 'service', id: ServiceID },
    }));
  }

  /** The answer to what is no list or inspection of objects, without what the actor may not read of it. */
  answer<T>({ operation, rights }: Admission, body: T): T {
    const withOptions = rights.mayAlways('swarm:update');
    if (operation.id === 'SystemInfo')
      return withOptions ? body : (infoWithoutSwarmOptions(body as object) as T);
    if (operation.id !== 'SwarmInspect') return body;
    const { JoinTokens, ...rest } = (withOptions ? body : swarmWithoutOptions(body as object)) as {
      JoinTokens?: unknown;
    };
    return (rights.mayAlways('swarm:readJoinTokens') ? { ...rest, JoinTokens } : rest) as T;
  }

  /** The document of an object, without what the actor may not read of it. */
  async inspection<Kind extends WatchedKindName>(
    admission: Admission,
    kind: Kind,
    document: DocumentOf<Kind>,
  ): Promise<DocumentOf<Kind>> {
    const { actor, engine, rights, target } = admission;
    if (!target?.object) throw new DomainError('internal', 'An inspection of nothing');
    const object = this.authoriser.found(actor, engine, target.object);
    const may = (permission: Permission) => rights.may(permission, object);
    let visible: object = document;
    switch (kind) {
      case 'container':
        if (!(await may('containers:readEnvironment')))
          visible = withoutEnvironment(visible as ContainerInspectInfo);
        if (!(await may('containers:readMounts')))
          visible = withoutMountSources(visible as ContainerInspectInfo);
        break;
      case 'image':
        if (!(await may('images:readEnvironment')))
          visible = imageWithoutEnvironment(visible as ImageInspectInfo);
        visible = withoutHiddenUsers(rights, kind, visible);
        break;
      case 'network':
        visible = withoutOthersOfNetwork(
          admission.rights,
          await this.withoutHiddenContainers(admission, visible as NetworkInspectInfo),
        );
        break;
      case 'volume':
        if (!(await may('volumes:readOptions'))) visible = volumeWithoutOptions(visible as VolumeDocument);
        break;
      case 'service':
        if (!(await may('services:readEnvironment')))
          visible = serviceWithoutEnvironment(visible as ServiceDocument);
        break;
      case 'task':
        if (!(await may('tasks:readEnvironment'))) visible = taskWithoutEnvironment(visible as TaskOfService);
        break;
      case 'secret':
        if (!(await may('secrets:update'))) visible = secretWithoutOptions(visible as SecretDocument);
        break;
      case 'config':
        if (!(await may('configs:readData'))) visible = configWithoutData(visible as ConfigDocument);
        break;
      default:
    }
    return visible as DocumentOf<Kind>;
  }

  /** A network tells which containers are on it. */
  private async withoutHiddenContainers(
    { actor, engine, rights }: Admission,
    document: NetworkInspectInfo,
  ): Promise<NetworkInspectInfo> {
    if (rights.mayAlways('containers:list')) return document;
    const { records } = await this.state.of(engine, 'container').snapshot();
    const shown = await this.shown.all(records, { actor, engine, rights, kind: 'container' });
    const ids = new Set(shown.map(({ id }) => id));
    const Containers = Object.fromEntries(
      Object.entries(document.Containers ?? {}).filter(([id]) => ids.has(id)),
    );
    return { ...document, Containers };
  }

  /** Decided anew for each event, by the rights of that moment. */
  async *events(admission: Admission, events: AsyncIterable<EngineEvent>): AsyncGenerator<EngineEvent> {
    for await (const event of events) {
      const seen = await this.event(admission, event);
      if (seen) yield seen;
    }
  }

  /** The event as the actor may see it, the same object where nothing of it is hidden; undefined for one that it may not see. */
  async event({ actor, engine }: Admission, event: EngineEvent): Promise<EngineEvent | undefined> {
    if (event.type === 'container' && isVolumeHelper(event.attributes, [event.attributes['name']]))
      return undefined;
    const rights = await this.authoriser.rights(actor, engine);
    const labels = await this.labelsOf(event, engine, rights);
    const container = () => this.authoriser.existing(actor, engine, 'container', event.actorId, labels ?? {});
    if (!labels || !(await this.maySee(rights, event, container))) return undefined;
    const mayReadCommands =
      rights.mayAlways('containers:readEnvironment') ||
      (event.type === 'container' && (await rights.may('containers:readEnvironment', container())));
    const visible = rights.mayAlways('containers:list') ? event : withoutContainer(event);
    return mayReadCommands ? visible : withoutCommand(visible);
  }

  /**
   * The labels of the container that it happened to. Where a scope asks for one that the engine writes its own words over,
   * they are those of memory.
   *
   * @returns undefined where they are not known
   */
  private async labelsOf(
    event: EngineEvent,
    engine: string,
    rights: Rights,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    const unsure = DECIDING.some((permission) => rights.asksForLabels(permission, NOT_LABELS));
    if (event.type !== 'container' || !unsure) return labelsInEvent(event);
    return (await this.state.of(engine, 'container').find(event.actorId))?.labels;
  }

  private async maySee(
    rights: Rights,
    event: EngineEvent,
    container: () => ReturnType<Authoriser['existing']>,
  ): Promise<boolean> {
    const permission = LIST_PERMISSIONS[event.type];
    if (permission === undefined) return rights.mayAlways('system:events');
    if (rights.mayAlways(permission)) return true;
    return event.type === 'container' && rights.may(permission, container());
  }
}

/** What lists of all kinds have in common. */
interface ListedDocument {
  readonly Id?: string;
  readonly ID?: string;
  readonly Name?: string;
  /** Of containers. */
  readonly Names?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  /** Of what a swarm has. */
  readonly Spec?: { readonly Labels?: Readonly<Record<string, string>> | null };
  /** Of tasks. */
  readonly ServiceID?: string;
}

function idOf(kind: WatchedKindName, { ID, Id = '', Name = '' }: ListedDocument): string {
  return kind === 'volume' ? Name : (ID ?? Id);
}

function labelsOf({ Labels, Spec }: ListedDocument): Readonly<Record<string, string>> {
  return (Spec ? Spec.Labels : Labels) ?? {};
}

/** A network tells of the services on it, their virtual addresses and tasks, and of the nodes that it reaches. */
function withoutOthersOfNetwork<T extends object>(rights: Rights, document: T): T {
  const hidden = [
    ...(rights.mayAlways('services:list') ? [] : ['Services']),
    ...(rights.mayAlways('nodes:list') ? [] : ['Peers']),
  ];
  return Object.fromEntries(Object.entries(document).filter(([key]) => !hidden.includes(key))) as T;
}

/** What a list shows only to who holds the permission that `SHOWN` names for it. */
function withoutRevealed(kind: WatchedKindName, document: ListedDocument): ListedDocument {
  if (kind === 'volume') return volumeWithoutOptions(document as VolumeDocument);
  if (kind === 'service') return serviceWithoutEnvironment(document as object as ServiceDocument);
  if (kind === 'task') return taskWithoutEnvironment(document as object as TaskOfService) as ListedDocument;
  if (kind === 'secret') return secretWithoutOptions(document as object as SecretDocument);
  if (kind === 'config') return configWithoutData(document as object as ConfigDocument);
  const { Mounts = [] } = document as { Mounts?: readonly object[] };
  return { ...document, Mounts: Mounts.map((mount) => ({ ...mount, Source: '' })) } as ListedDocument;
}

/** `exec_create: sh -c …`: a command may hold passwords. */
function withoutCommand(event: EngineEvent): EngineEvent {
  const [verb = ''] = event.action.split(':', 1);
  return event.type === 'container' && verb.startsWith('exec_') ? { ...event, action: verb } : event;
}

/** Networks and volumes tell which container joined or mounted them. */
function withoutContainer(event: EngineEvent): EngineEvent {
  const { container, ...attributes } = event.attributes;
  return event.type === 'container' || container === undefined ? event : { ...event, attributes };
}

/** What is asked of events of containers. */
const DECIDING: readonly Permission[] = ['containers:list', 'containers:readEnvironment'];
