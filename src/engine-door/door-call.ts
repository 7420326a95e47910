import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Settings } from '../config/settings.js';
import type { EngineHandle, EngineRequest } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { hasTag, withTag } from '../gate/image-names.js';
import type { Operation, OperationId } from '../gate/operations.js';
import { type Classified, classify } from './classify.js';
import { requireServed } from './client-version.js';
import type { DoorVisit } from './door-visit.js';
import { asSent, parametersIn, type Query, readQuery } from './query.js';
import { RegistryHeaders } from './registry-headers.js';
import { readDoorBody, requirePlainHead } from './request-body.js';

/** What a request turned out to be: one operation, for an actor who may call it on something. */
export interface DoorCall {
  readonly actor: Actor;
  readonly engine: EngineHandle;
  readonly operation: Operation;
  /** The API version that is spoken with the engine. */
  readonly spoken: string;
  /** What the gate is called with. Not yet decided on. */
  readonly request: EngineRequest;
}

/** A call of which the body is still to be read. */
export interface OpenCall extends Omit<DoorCall, 'request'> {
  readonly classified: Classified;
}

/** Turns a request into a call of the gate: read strictly, by one table, and written anew. */
@Injectable()
export class DoorCalls {
  constructor(
    private readonly gate: Gate,
    private readonly registries: RegistryHeaders,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  /**
   * @throws DomainError `unauthenticated` before anything else is told; `forbidden`, recorded, for what the actor may do to
   *   nothing; `not_found`, recorded, for a look at what it may see none of; `invalid_input`, `not_found` for what is no operation
   */
  async open(request: IncomingMessage, visit: DoorVisit): Promise<OpenCall> {
    const actor = await visit.actor();
    requirePlainHead(request);
    const classified = classify(request.method ?? '', visit.target);
    const { operation, minorVersion } = classified;
    const engine = this.gate.as(actor).engine(visit.engine);
    const spoken = await engine.apiVersionFor(operation.id, {
      params: classified.params,
      query: asSent(classified.query),
    });
    requireServed(minorVersion, spoken);
    return { actor, engine, operation, spoken, classified };
  }

  /** @param read gives the body, up to so many bytes */
  async read(
    { classified, ...call }: OpenCall,
    request: IncomingMessage,
    read: (maxBytes: number) => Promise<Buffer>,
  ): Promise<DoorCall> {
    const { actor, operation } = call;
    const parameters = parametersIn(classified.query);
    const { saidTwice, ...body } = await readDoorBody(
      operation,
      request,
      parameters,
      read,
      this.settings.maxBodyBytes,
    );
    const { params, query } = pushedByName(
      operation.id,
      classified.params,
      readQuery(operation, classified.query, saidTwice),
    );
    const headers = await this.registries.of(actor, operation, request.headers, {
      query,
      name: params['name'] ?? '',
      body: body.body,
    });
    return { ...call, request: { params, query, headers, ...body } };
  }
}

/** What is pushed is a name with its tag, wherever that was written: by it the gate finds the image. */
function pushedByName(
  id: OperationId,
  params: Readonly<Record<string, string>>,
  { tag, ...query }: Query,
): { params: Readonly<Record<string, string>>; query: Query } {
  if (id !== 'ImagePush' || typeof tag !== 'string')
    return { params, query: { ...query, ...(tag === undefined ? {} : { tag }) } };
  const name = params['name'] ?? '';
  if (hasTag(name)) throw new DomainError('invalid_input', 'tag must be left out where the name has one');
  return { params: { ...params, name: withTag(name, tag) }, query };
}
