import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { isReservedName, isReservedRepository } from '../common/reserved-labels.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { nameInBody, namesOf } from './created-object.js';
import { repositoryOf, withTag } from './image-names.js';
import { ObjectFinder } from './object-finder.js';

/** What engines and their clients write where they shorten an id, and all that is longer: shorter starts are guesses. */
const STARTS = {
  container: /^[0-9a-f]{12,64}$/,
  image: /^[0-9a-f]{12,64}$/,
  network: /^[0-9a-z]{12,64}$/, // of a swarm's, of letters too
  service: /^[0-9a-z]{12,25}$/,
  secret: /^[0-9a-z]{12,25}$/,
  config: /^[0-9a-z]{12,25}$/,
} as const;

type Named = keyof typeof STARTS;

/** The names that calls give. */
@Injectable()
export class GivenNames {
  constructor(private readonly finder: ObjectFinder) {}

  /**
   * Engines prefer a name to the start of an id: what is named like one takes the place of another object for whoever refers to
   * that by a short id.
   *
   * @throws DomainError `invalid_input` for a name that an id of its kind begins with, and for a container's or an image's that
   *   is kept for Dockmaster's own
   */
  async judge({ operation, request, connection }: Admission): Promise<void> {
    const given = givenBy(operation.id, request);
    if (!given) return;
    const { kind, field } = given;
    const names = kind === 'image' ? given.names.map(repositoryOf) : given.names;
    // By their names the containers are told that are our own: one of a build with their labels would pass for one.
    if (kind === 'container' && names.some(isReservedName))
      throw badName(field, "is reserved: containers of such names are Dockmaster's own");
    // What bears the name of the image that helpers are made of would be what they are made of.
    if (kind === 'image' && names.some(isReservedRepository))
      throw badName(field, "is reserved: images of such repositories are Dockmaster's own");
    for (const name of names) {
      if (!STARTS[kind].test(name)) continue;
      const there = await this.finder.find(connection, kind, name, { seesAll: true, signal: request.signal });
      if (there && isStartOf(there.id, name))
        throw badName(field, `must not be the start of the id of a ${kind}`);
    }
  }
}

interface Given {
  readonly kind: Named;
  /** Of the request, where they are. */
  readonly field: string;
  /** Of images, with their tags. */
  readonly names: readonly string[];
}

/** The names that a call gives to what it makes, renames or tags; undefined for calls that name nothing anew. */
export function givenBy(id: OperationId, request: EngineRequest): Given | undefined {
  const { query = {} } = request;
  switch (id) {
    case 'ContainerCreate':
    case 'ContainerRename':
      return { kind: 'container', field: 'name', names: namesOf(query['name']).map(withoutSlash) };
    case 'NetworkCreate':
      return { kind: 'network', field: 'name', names: [nameInBody(request)] };
    case 'ServiceCreate':
      return { kind: 'service', field: 'name', names: [nameInBody(request)] };
    case 'SecretCreate':
      return { kind: 'secret', field: 'name', names: [nameInBody(request)] };
    case 'ConfigCreate':
      return { kind: 'config', field: 'name', names: [nameInBody(request)] };
    case 'ImageTag':
    case 'ImageCommit':
      return { kind: 'image', field: 'repo', names: tagged(query['repo'], query['tag']) };
    case 'ImageCreate':
      return {
        kind: 'image',
        field: 'name',
        names: tagged(query['fromImage'] ?? query['repo'], query['tag']),
      };
    case 'ImageBuild':
      return { kind: 'image', field: 'name', names: namesOf(query['t']) };
    default:
      return undefined;
  }
}

function isStartOf(id: string, name: string): boolean {
  return id.replace(/^sha256:/, '').startsWith(name);
}

function tagged(name: unknown, tag: unknown): string[] {
  return namesOf(name).map((each) => withTag(each, tag));
}

function withoutSlash(name: string): string {
  return name.replace(/^\//, '');
}

function badName(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
