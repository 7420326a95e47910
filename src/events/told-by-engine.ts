import { isVolumeHelper } from '../common/reserved-labels.js';
import type { EngineEvent, WatchedKindName } from '../gate/engine-chronicle.js';
import type { EventData } from './domain-event.js';
import type { EventType } from './event-types.js';

/** What an engine's event tells. */
export interface Told {
  readonly type: EventType;
  readonly kind: WatchedKindName;
  /** The object's full id; of an image, perhaps a name of it. */
  readonly id: string;
  /** As the event has it; empty where it tells none. */
  readonly name: string;
  readonly data: EventData;
}

type Actions = ReadonlyMap<string, EventType>;

/** Events of the engine that are told of, by kind of object and action. */
const ACTIONS: ReadonlyMap<string, Actions> = new Map([
  [
    'container',
    actions({
      create: 'container.created',
      start: 'container.started',
      stop: 'container.stopped',
      die: 'container.died',
      restart: 'container.restarted',
      pause: 'container.paused',
      unpause: 'container.unpaused',
      rename: 'container.renamed',
      update: 'container.updated',
      destroy: 'container.removed',
      oom: 'container.oom',
      'health_status: healthy': 'container.health.healthy',
      'health_status: unhealthy': 'container.health.unhealthy',
    }),
  ],
  [
    'image',
    actions({
      pull: 'image.pulled',
      tag: 'image.tagged',
      untag: 'image.untagged',
      load: 'image.loaded',
      import: 'image.imported',
      delete: 'image.removed',
    }),
  ],
  [
    'network',
    actions({
      create: 'network.created',
      connect: 'network.connected',
      disconnect: 'network.disconnected',
      destroy: 'network.removed',
      remove: 'network.removed',
    }),
  ],
  ['volume', actions({ create: 'volume.created', destroy: 'volume.removed' })],
  ['service', actions({ create: 'service.created', update: 'service.updated', remove: 'service.removed' })],
  ['node', actions({ create: 'node.joined', remove: 'node.removed' })],
]);
const NODE_STATES = actions({ ready: 'node.ready', down: 'node.down' });

function actions(types: Readonly<Record<string, EventType>>): Actions {
  return new Map(Object.entries(types));
}

/** @returns undefined for what is not told of */
export function toldByEngine({ type: kind, action, actorId, attributes }: EngineEvent): Told | undefined {
  if (!isKind(kind) || actorId === '') return undefined;
  if (kind === 'container' && isVolumeHelper(attributes, [attributes['name']])) return undefined;
  const type =
    kind === 'node' && action === 'update'
      ? NODE_STATES.get(attributes['state.new'] ?? '')
      : ACTIONS.get(kind)?.get(action);
  if (!type) return undefined;
  return {
    type,
    kind,
    id: actorId,
    name: kind === 'image' ? '' : (attributes['name'] ?? ''),
    data: dataOf(type, actorId, attributes),
  };
}

function isKind(text: string): text is WatchedKindName {
  return ACTIONS.has(text);
}

function dataOf(type: EventType, actorId: string, attributes: EngineEvent['attributes']): EventData {
  const { image = null, exitCode, oldName, name, container = null } = attributes;
  switch (type) {
    case 'container.died':
      return { image, exitCode: exitCode === undefined ? null : Number(exitCode) };
    case 'container.renamed':
      return { image, oldName: (oldName ?? '').replace(/^\//, '') };
    case 'network.connected':
    case 'network.disconnected':
      return { container };
    case 'image.pulled':
      return { reference: actorId };
    case 'image.tagged':
    case 'image.untagged':
    case 'image.loaded':
    case 'image.imported':
    case 'image.removed':
      return { reference: name === undefined || name.startsWith('sha256:') ? null : name };
    default:
      return type.startsWith('container.') ? { image } : {};
  }
}
