import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { map, object, readBody, type Shape, text } from '../gate/policy/body-shape.js';
import type { Operation, OperationId } from '../gate/operations.js';
import { encodeCredentials, RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import type { Query } from './query.js';
import { parseStrictJson } from './strict-json.js';

type Headers = Readonly<Record<string, string>>;

/** What a request says of what it is about. */
interface Described {
  readonly query: Query;
  readonly name: string;
  readonly body: unknown;
}

/** How one operation says which image it needs credentials for. */
const IMAGE_OF: Readonly<Partial<Record<OperationId, (of: Described) => unknown>>> = {
  ImageCreate: ({ query }) => query['fromImage'],
  ImagePush: ({ name }) => name,
  DistributionInspect: ({ name }) => name,
  PluginPull: ({ query }) => query['remote'],
  PluginUpgrade: ({ query }) => query['remote'],
  PluginPush: ({ name }) => name,
  GetPluginPrivileges: ({ query }) => query['remote'],
  ServiceCreate: ({ body }) => imageOfService(body),
  ServiceUpdate: ({ body }) => imageOfService(body),
};

const FIELDS = {
  username: text,
  password: text,
  email: text,
  auth: text,
  serveraddress: text,
  identitytoken: text,
  registrytoken: text,
};
const CREDENTIALS = object(FIELDS);

/**
 * The headers by which an engine is given credentials: the caller's own where it sends some, else those that are stored, where the
 * caller may use them. They are read, and written anew.
 */
@Injectable()
export class RegistryHeaders {
  constructor(private readonly credentials: RegistryCredentialsService) {}

  /** @throws DomainError `invalid_input` for credentials that are none */
  async of(
    actor: Actor,
    { id }: Operation,
    headers: IncomingHttpHeaders,
    described: Described,
  ): Promise<Headers> {
    if (id === 'ImageBuild') return this.ofBuild(actor, headers);
    const imageOf = IMAGE_OF[id];
    if (!imageOf) return {};
    const given = decoded(headers['x-registry-auth'], CREDENTIALS, 'X-Registry-Auth');
    if (given && Object.keys(given).length > 0) return { 'X-Registry-Auth': encodeCredentials(given) };
    const image = imageOf(described);
    const stored = typeof image === 'string' ? await this.credentials.authHeaderFor(actor, image) : undefined;
    if (stored !== undefined) return { 'X-Registry-Auth': stored };
    // Without the header an engine looks for credentials in the body of a push.
    return id === 'ImagePush' || given ? { 'X-Registry-Auth': encodeCredentials({}) } : {};
  }

  private async ofBuild(actor: Actor, headers: IncomingHttpHeaders): Promise<Headers> {
    const given = decoded(headers['x-registry-config'], map(CREDENTIALS), 'X-Registry-Config');
    if (given && Object.keys(given).length > 0) return { 'X-Registry-Config': encodeCredentials(given) };
    const stored = await this.credentials.authConfigFor(actor);
    return stored === undefined ? {} : { 'X-Registry-Config': stored };
  }
}

/** Of whatever shape the body is: the gate reads it later. */
function imageOfService(body: unknown): unknown {
  const template = (
    body as { TaskTemplate?: { ContainerSpec?: { Image?: unknown } | null } | null } | null | undefined
  )?.TaskTemplate;
  return typeof template === 'object' ? template?.ContainerSpec?.Image : undefined;
}

function decoded<T extends object>(
  header: string | string[] | undefined,
  shape: Shape<T>,
  what: string,
): T | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(header))
    throw new DomainError('invalid_input', `${what} must be base64`);
  const value = parseStrictJson(Buffer.from(header, 'base64url'), what);
  return value === null ? undefined : readBody(shape, value, what);
}
