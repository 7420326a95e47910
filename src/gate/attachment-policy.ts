import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../common/errors.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { endpointOn, mayConnectToAll } from './container-references.js';
import { ObjectFinder } from './object-finder.js';
import { readBody } from './policy/body-shape.js';
import type { EndpointBody } from './policy/container-body.js';
import { policyViolation } from './policy/evaluate.js';
import { NETWORK_CONNECT_BODY, NETWORK_DISCONNECT_BODY } from './policy/object-bodies.js';
import { OWN_NETWORK_DRIVERS } from './policy/object-rules.js';
import { ENDPOINT_DRIVER_OPTIONS } from './policy/rules/allowed-values.js';
import { quote } from './policy/rules/rule.js';

/** Judges NetworkConnect and NetworkDisconnect: the container is acted on as much as the network is. */
@Injectable()
export class AttachmentPolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly finder: ObjectFinder,
  ) {}

  /**
   * @returns the request as it may be sent, with the container and the network by the ids that were decided on
   * @throws DomainError `policy_violation` naming the rule and field; `not_found` and `forbidden` for a container that the
   *   actor may not see, or may see but not connect
   */
  async judge(admission: Admission): Promise<EngineRequest> {
    const { actor, engine, connection, operation, rights, target, request } = admission;
    const connects = operation.id === 'NetworkConnect';
    const shape = connects ? NETWORK_CONNECT_BODY : NETWORK_DISCONNECT_BODY;
    const body = readBody<Attachment>(shape, request.body, 'attachment');
    const reference = body.Container ?? '';
    if (reference === '') throw notFound('container', reference); // the start of every id
    const seesAll = rights.mayAlways('containers:list');
    const container = await this.finder.container(connection, reference, { seesAll });
    if (!container) throw notFound('container', reference);
    const object = this.authoriser.existing(actor, engine, 'container', container.id, container.labels);
    if (!(await rights.may(operation.permission, object))) {
      if (!(await rights.may('containers:get', object))) throw notFound('container', reference);
      throw new DomainError('forbidden', `You need the permission ${operation.permission} on the container`);
    }
    const level = (await rights.level(operation.permission, object)) ?? 'restricted';
    if (connects && level !== 'privileged') {
      requirePlainEndpoint(body);
      const { Driver } = (await target?.object?.document()) as { Driver?: string };
      if (!OWN_NETWORK_DRIVERS.includes(Driver ?? ''))
        throw violation('networkDriver', 'Container', `The network has the driver ${Driver ?? ''}`);
    }
    const attachment = { ...body, Container: container.id };
    if (!connects) return { ...request, body: attachment };
    const id = mayConnectToAll(rights) ? undefined : target?.id;
    return { ...request, body: { ...attachment, EndpointConfig: endpointOn(id, body.EndpointConfig) } };
  }
}

interface Attachment {
  readonly Container?: string | null;
  readonly EndpointConfig?: EndpointBody | null;
}

function requirePlainEndpoint({ EndpointConfig: endpoint }: Attachment): void {
  if ((endpoint?.Links ?? []).length > 0)
    throw violation('containerReferences', 'EndpointConfig.Links', 'links inject what other containers hold');
  const odd = Object.keys(endpoint?.DriverOpts ?? {}).find((key) => !ENDPOINT_DRIVER_OPTIONS.includes(key));
  if (odd !== undefined)
    throw violation(
      'networkDriverOptions',
      'EndpointConfig.DriverOpts',
      `option ${quote(odd)} is not allowed`,
    );
}

function violation(rule: string, field: string, message: string): DomainError {
  return policyViolation('This attachment is not allowed', [{ rule, field, message }]);
}
