import { Injectable } from '@nestjs/common';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { EngineEvent } from '../streams/streams.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { withoutEnvironment, withoutMountSources } from './redaction.js';
import type { Rights } from './rights.js';

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
  constructor(private readonly authoriser: Authoriser) {}

  async containers(
    { actor, engine, rights }: Admission,
    containers: readonly ContainerInfo[],
  ): Promise<ContainerInfo[]> {
    if (rights.mayAlways('containers:list')) return [...containers];
    const objects = this.authoriser.existingAll(
      actor,
      engine,
      'container',
      containers.map(({ Id, Labels }) => ({
        id: Id,
        labels: (Labels as Record<string, string> | null) ?? {},
      })),
    );
    const visible: ContainerInfo[] = [];
    for (const [index, container] of containers.entries()) {
      const object = objects[index];
      if (object && (await rights.may('containers:list', object))) visible.push(container);
    }
    return visible;
  }

  /** The document of a container, without environment values and host paths for whoever may not read them. */
  async inspection(
    { actor, engine, rights, target }: Admission,
    document: ContainerInspectInfo,
  ): Promise<ContainerInspectInfo> {
    const container = target?.container;
    if (!container) throw new DomainError('internal', 'An inspection without a container');
    const object = this.authoriser.existing(actor, engine, 'container', container.id, container.labels);
    let visible = document;
    if (!(await rights.may('containers:readEnvironment', object))) visible = withoutEnvironment(visible);
    if (!(await rights.may('containers:readMounts', object))) visible = withoutMountSources(visible);
    return visible;
  }

  /** Decided anew for each event, by the rights of that moment. */
  async *events(
    { actor, engine }: Admission,
    events: AsyncIterable<EngineEvent>,
  ): AsyncGenerator<EngineEvent> {
    for await (const event of events) {
      const rights = await this.authoriser.rights(actor, engine);
      const container = () =>
        this.authoriser.existing(actor, engine, 'container', event.actorId, labelsOf(event));
      if (!(await this.maySee(rights, event, container))) continue;
      const mayReadCommands =
        rights.mayAlways('containers:readEnvironment') ||
        (event.type === 'container' && (await rights.may('containers:readEnvironment', container())));
      yield mayReadCommands ? event : withoutCommand(event);
    }
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

/** `exec_create: sh -c …`: a command may hold passwords. */
function withoutCommand(event: EngineEvent): EngineEvent {
  const [verb = ''] = event.action.split(':', 1);
  return event.type === 'container' && verb.startsWith('exec_') ? { ...event, action: verb } : event;
}

/** What the engine puts beside the labels in an event's attributes: a selector must not take it for labels. */
const NOT_LABELS: ReadonlySet<string> = new Set([
  'name',
  'image',
  'exitCode',
  'execDuration',
  'execID',
  'signal',
  'oldName',
  'container',
  'destination',
  'driver',
  'propagation',
  'read/write',
  'comment',
  'imageID',
  'imageRef',
]);

function labelsOf({ attributes }: EngineEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !NOT_LABELS.has(key)));
}
