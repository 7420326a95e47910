import { Injectable } from '@nestjs/common';
import type { ExecInspectInfo } from 'dockerode';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import type { Operation, OperationId } from '../engine/operations/index.js';
import { WATCHED_KIND_NAMES, type WatchedKindName } from '../state/watched-kinds.js';
import { hasTag, isImageId, repositoryOf } from './image-names.js';
import { type ContainerFacts, type FindOptions, type ObjectFacts, ObjectFinder } from './object-finder.js';

/** The object that a call names, resolved once to its full id: the decision and the call are about that id. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
  /** What scopes are held against; undefined for kinds whose labels and owner the gate does not know. */
  readonly object?: ObjectFacts;
  /** The container that it is, or belongs to. */
  readonly container?: ContainerFacts;
  /** Whether its process has a terminal: its output is then one raw stream, not several in frames. */
  readonly tty?: boolean;
  /** What an exec was made with, of an operation on one. */
  readonly exec?: { readonly Privileged: boolean; readonly User: string };
  /** What is named in the call that goes out, where that is not the id: an operation on a name of an image. */
  readonly sendAs?: string;
}

@Injectable()
export class TargetResolver {
  constructor(private readonly finder: ObjectFinder) {}

  /** @returns undefined where the object does not exist, or the operation names none */
  async resolve(
    connection: EngineConnection,
    operation: Operation,
    reference: string,
    options: FindOptions,
  ): Promise<Target | undefined> {
    const { target } = operation;
    if (target === 'exec') return this.exec(connection, reference, options);
    if (target === 'container') {
      const container = await this.finder.container(connection, reference, options);
      const { tty } = container ?? {};
      return (
        container && {
          kind: target,
          id: container.id,
          name: container.name,
          object: container,
          container,
          ...(tty === undefined ? {} : { tty }),
        }
      );
    }
    if (!isWatched(target)) return { kind: target, id: reference };
    const object = await this.finder.find(connection, target, reference, options);
    if (!object) return undefined;
    const { id, name } = object;
    // The start of an id may look like a name that the image does not have.
    const isNamed = !isImageId(reference) && object.repositories?.includes(repositoryOf(reference)) === true;
    if (target !== 'image' || !isNamed) return { kind: target, id, name, object };
    // By a name, it is about that name: other names of the same image are of no concern.
    const named = { ...object, repositories: [repositoryOf(reference)] };
    const sendAs = ABOUT_NAMES.has(operation.id) ? oneName(operation, reference) : id;
    return { kind: target, id, name: reference, object: named, sendAs };
  }

  /** An exec is nothing of its own: it belongs to its container, and whoever may use that one. */
  private async exec(
    connection: EngineConnection,
    id: string,
    options: FindOptions,
  ): Promise<Target | undefined> {
    try {
      const { body } = await connection.json<ExecInspectInfo>('ExecInspect', {
        params: { id },
        ...(options.signal ? { signal: options.signal } : {}),
      });
      const container = await this.finder.container(connection, body.ContainerID, options);
      return (
        container && {
          kind: 'exec',
          id: body.ID,
          name: container.name,
          object: container,
          container,
          tty: body.ProcessConfig.tty,
          exec: execOf(body),
        }
      );
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return undefined;
      throw error;
    }
  }
}

/** The engine leaves out what is not so. */
function execOf({ ProcessConfig }: ExecInspectInfo): Target['exec'] {
  const { privileged, user } = ProcessConfig as Partial<ExecInspectInfo['ProcessConfig']>;
  return { Privileged: privileged === true, User: user ?? '' };
}

/** Operations that write images into an archive, by their names. */
export const SAVING: ReadonlySet<OperationId> = new Set<OperationId>(['ImageGet', 'ImageGetAll']);
/** Operations that mean a name of an image and not the image. */
const ABOUT_NAMES: ReadonlySet<OperationId> = new Set<OperationId>(['ImagePush', 'ImageDelete', ...SAVING]);

/** To the engine, a name without a tag means all of its repository where it is saved. */
function oneName({ id }: Operation, reference: string): string {
  return SAVING.has(id) && !hasTag(reference) ? `${reference}:latest` : reference;
}

export function isWatched(kind: string): kind is WatchedKindName {
  return WATCHED_KIND_NAMES.some((name) => name === kind);
}
