import type { MadeIds } from '../audit/audit-record.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { nameInBody, namesOf, textInBody } from './created-object.js';
import { givenBy } from './given-names.js';
import type { Subject } from './recorder.js';
import type { Target } from './targets.js';

/** A call that a record is about, as far as is known of it: refused ones are not read to their end. */
export interface Called extends Pick<Admission, 'actor' | 'engine' | 'operation' | 'request'> {
  readonly target: Target | undefined;
}

/** The objects that a call names besides its target: names and ids only, nothing of what they hold. */
interface Named {
  /** What it makes: the target, where there is none yet. */
  readonly made?: readonly string[];
  readonly other?: NonNullable<Subject['other']>;
}

/** Where operations name what they are about that is not their target parameter. */
const NAMED: Readonly<Partial<Record<OperationId, (request: EngineRequest) => Named>>> = {
  ContainerCreate: made('ContainerCreate'),
  NetworkCreate: made('NetworkCreate'),
  ServiceCreate: made('ServiceCreate'),
  SecretCreate: made('SecretCreate'),
  ConfigCreate: made('ConfigCreate'),
  ImageCreate: made('ImageCreate'),
  ImageBuild: made('ImageBuild'),
  VolumeCreate: (request) => ({ made: namesOf(nameInBody(request)) }),
  PluginCreate: ({ query }) => ({ made: namesOf(query?.['name']) }),
  PluginPull: ({ query }) => ({ made: [...namesOf(query?.['name']), ...namesOf(query?.['remote'])] }),
  PluginUpgrade: ({ query }) => ({ other: { name: together(namesOf(query?.['remote'])) } }),
  ContainerRename: renamed('ContainerRename'),
  ImageTag: renamed('ImageTag'),
  ImageCommit: renamed('ImageCommit'),
  NetworkConnect: ofContainer,
  NetworkDisconnect: ofContainer,
};

/** What the record of a call says that it was about. */
export function subjectOf({ actor, engine, operation, target, request }: Called): Subject {
  const { made: names = [], other } = NAMED[operation.id]?.(request) ?? {};
  const parameter = operation.targetParameter;
  const { params = {}, query = {} } = request;
  const [name, ...more] = parameter
    ? namesOf((parameter.in === 'path' ? params : query)[parameter.name])
    : names;
  return {
    actor,
    operation: operation.id,
    engine,
    target: target ?? { kind: operation.target, name },
    other: other ?? { name: together(more) },
  };
}

/** The ids that an engine gives to what a call made, as its answer tells them. */
export function madeIds(id: OperationId, answer: unknown): MadeIds {
  const { Id, ID, Name } = (answer ?? {}) as { Id?: string; ID?: string; Name?: string };
  switch (id) {
    case 'ContainerCreate':
    case 'NetworkCreate':
      return { targetId: Id };
    case 'VolumeCreate':
      return { targetId: Name };
    case 'ServiceCreate':
    case 'SecretCreate':
    case 'ConfigCreate':
      return { targetId: ID };
    // Of a container, which is the target.
    case 'ImageCommit':
    case 'ContainerExec':
      return { otherId: Id };
    default:
      return {};
  }
}

/** The same of an answer that goes on, whose images it tells of by ids or names. Of several there is no one id. */
export function madeImage(references: readonly string[] = []): MadeIds {
  const [reference, ...more] = references;
  return more.length === 0 && reference?.startsWith('sha256:') ? { targetId: reference } : {};
}

function made(id: OperationId): (request: EngineRequest) => Named {
  return (request) => ({ made: (givenBy(id, request)?.names ?? []).filter((name) => name !== '') });
}

function renamed(id: OperationId): (request: EngineRequest) => Named {
  return (request) => ({ other: { name: together(givenBy(id, request)?.names ?? []) } });
}

/** By its id once it was found. */
function ofContainer(request: EngineRequest): Named {
  const container = textInBody(request, 'Container');
  if (container === '') return {};
  return { other: /^[0-9a-f]{64}$/.test(container) ? { id: container } : { name: container } };
}

function together(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(', ');
}
