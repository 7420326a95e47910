import { DomainError, type ErrorKind } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import type { EngineEvent } from '../engine/wire/engine-event.js';
import { UNKNOWN_LABELS } from '../common/label-selector.js';
import { fingerprintOf, orEmpty, orNone, READ_TIMEOUT_MS, timeOf } from './listed.js';
import type {
  ConfigDocument,
  NodeDocument,
  SecretDocument,
  ServiceDocument,
  SwarmObject,
  TaskDocument,
} from './swarm-documents.js';
import type { Hint, ObjectRecord, OnDemand, WatchedKind } from './watched-kind.js';

/** Managers tell of changes by events; of their own demotion, or a quorum that is lost, they do not. */
const MAX_AGE_MS = 10_000;
/** No event tells of tasks. */
const MAX_AGE_OF_TASKS_MS = 1_000;

/** What only a manager of a swarm that can decide knows. */
const ABSENCES: readonly ErrorKind[] = ['swarm_inactive', 'swarm_worker', 'swarm_locked', 'swarm_no_quorum'];

function onDemand(maxAgeMs: number): OnDemand {
  return {
    maxAgeMs,
    isAbsence: (error) => error instanceof DomainError && ABSENCES.includes(error.kind),
  };
}

async function list<Document extends SwarmObject>(
  connection: EngineConnection,
  operation: 'ServiceList' | 'NodeList' | 'SecretList' | 'ConfigList' | 'TaskList',
  signal: AbortSignal,
): Promise<readonly Document[]> {
  const request = { signal, timeoutMs: READ_TIMEOUT_MS };
  const { body } = await connection.json<Document[] | null>(operation, request);
  return body ?? [];
}

function read<Document extends SwarmObject>(
  connection: EngineConnection,
  operation: 'ServiceInspect' | 'NodeInspect' | 'SecretInspect' | 'ConfigInspect' | 'TaskInspect',
  id: string,
  signal: AbortSignal,
): Promise<Document | undefined> {
  return orNone(connection.json<Document>(operation, { params: { id }, signal, timeoutMs: READ_TIMEOUT_MS }));
}

function listed<Document extends SwarmObject>(document: Document) {
  return { id: document.ID, fingerprint: fingerprintOf(document), active: false, document };
}

function recordOf<Kept>(
  { ID, CreatedAt }: SwarmObject,
  spec: { readonly Name?: string; readonly Labels?: Readonly<Record<string, string>> | null },
  kept: Kept,
): ObjectRecord<Kept> {
  return { id: ID, name: spec.Name ?? '', labels: orEmpty(spec.Labels), createdAt: timeOf(CreatedAt), kept };
}

function hintOf(kind: string) {
  return ({ type, actorId }: EngineEvent): Hint | undefined =>
    type === kind && actorId !== '' ? { id: actorId, changes: 'object' } : undefined;
}

/** Services: ServiceList, ServiceInspect and their events. */
export const WATCHED_SERVICES: WatchedKind<ServiceDocument, ServiceDocument> = {
  name: 'service',
  onDemand: onDemand(MAX_AGE_MS),
  list: async (connection, signal) =>
    (await list<ServiceDocument>(connection, 'ServiceList', signal)).map(listed),
  read: (connection, id, signal) => read(connection, 'ServiceInspect', id, signal),
  toRecord: (document) => recordOf(document, document.Spec, document),
  hint: hintOf('service'),
};

/** Nodes: NodeList, NodeInspect and their events. Their name is the machine's. */
export const WATCHED_NODES: WatchedKind<NodeDocument, NodeDocument> = {
  name: 'node',
  onDemand: onDemand(MAX_AGE_MS),
  list: async (connection, signal) => (await list<NodeDocument>(connection, 'NodeList', signal)).map(listed),
  read: (connection, id, signal) => read(connection, 'NodeInspect', id, signal),
  toRecord: (document) =>
    recordOf(document, { ...document.Spec, Name: document.Description?.Hostname ?? '' }, document),
  hint: hintOf('node'),
};

/** Secrets: SecretList, SecretInspect and their events. */
export const WATCHED_SECRETS: WatchedKind<SecretDocument, SecretDocument> = {
  name: 'secret',
  onDemand: onDemand(MAX_AGE_MS),
  list: async (connection, signal) =>
    (await list<SecretDocument>(connection, 'SecretList', signal)).map(listed),
  read: (connection, id, signal) => read(connection, 'SecretInspect', id, signal),
  toRecord: (document) => recordOf(document, document.Spec, document),
  hint: hintOf('secret'),
};

/** What is kept of each config: all but its data. */
export type KeptConfig = Omit<ConfigDocument, 'Spec'> & {
  readonly Spec: Omit<ConfigDocument['Spec'], 'Data'>;
};

/** Configs: ConfigList, ConfigInspect and their events. */
export const WATCHED_CONFIGS: WatchedKind<KeptConfig, ConfigDocument> = {
  name: 'config',
  onDemand: onDemand(MAX_AGE_MS),
  list: async (connection, signal) =>
    (await list<ConfigDocument>(connection, 'ConfigList', signal)).map(listed),
  read: (connection, id, signal) => read(connection, 'ConfigInspect', id, signal),
  toRecord: (document) => {
    const { Data, ...Spec } = document.Spec;
    return recordOf(document, Spec, { ...document, Spec });
  },
  hint: hintOf('config'),
};

/** A task, and the labels of its service, by which it is decided who may see it; UNKNOWN_LABELS once that is gone. */
export interface TaskOfService extends TaskDocument {
  readonly serviceLabels: Readonly<Record<string, string>>;
}

/** Tasks: TaskList and TaskInspect, each with the service. */
export const WATCHED_TASKS: WatchedKind<TaskOfService, TaskOfService> = {
  name: 'task',
  onDemand: onDemand(MAX_AGE_OF_TASKS_MS),
  naming: { names: () => [], meanings: (reference) => ({ names: [], idPrefix: reference }) },

  async list(connection, signal) {
    const [tasks, services] = await Promise.all([
      list<TaskDocument>(connection, 'TaskList', signal),
      list<ServiceDocument>(connection, 'ServiceList', signal),
    ]);
    const labels = new Map(services.map(({ ID, Spec }) => [ID, orEmpty(Spec.Labels)]));
    return tasks.map((task) =>
      listed({ ...task, serviceLabels: labels.get(task.ServiceID ?? '') ?? UNKNOWN_LABELS }),
    );
  },

  async read(connection, id, signal) {
    const task = await read<TaskDocument>(connection, 'TaskInspect', id, signal);
    if (!task) return undefined;
    const service =
      task.ServiceID === undefined
        ? undefined
        : await read<ServiceDocument>(connection, 'ServiceInspect', task.ServiceID, signal);
    return { ...task, serviceLabels: service ? orEmpty(service.Spec.Labels) : UNKNOWN_LABELS };
  },

  toRecord: (document) => ({
    ...recordOf(document, { Labels: document.serviceLabels }, document),
    belongsTo: { kind: 'service', id: document.ServiceID ?? '' },
  }),

  hint: () => undefined,
};
