import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { isReserved, labelsOf, reservedLabels } from './created-object.js';
import { readBody } from './policy/body-shape.js';
import { policyViolation } from './policy/evaluate.js';
import {
  CONFIG_BODY,
  NODE_BODY,
  SECRET_BODY,
  SWARM_INIT_BODY,
  SWARM_JOIN_BODY,
  SWARM_SPEC_BODY,
  SWARM_UNLOCK_BODY,
} from './policy/swarm-bodies.js';

/** Holds what makes or changes nodes, secrets, configs and the swarm itself against what may be asked for. */
@Injectable()
export class SwarmPolicy {
  constructor(private readonly authoriser: Authoriser) {}

  /**
   * @throws DomainError `invalid_input` for a body with fields that are not known, and for labels of Dockmaster's own;
   *   `policy_violation` for a secret that a plugin is to give; `forbidden` for labels beyond the actor's scope
   */
  async judge(admission: Admission): Promise<void> {
    const { body } = admission.request;
    switch (admission.operation.id) {
      case 'SecretCreate':
        await this.judgeSecret(admission);
        break;
      case 'ConfigCreate':
        readBody(CONFIG_BODY, body, 'config');
        break;
      case 'SecretUpdate':
        readBody(SECRET_BODY, body, 'secret');
        await this.requireLabels(admission);
        break;
      case 'ConfigUpdate':
        readBody(CONFIG_BODY, body, 'config');
        await this.requireLabels(admission);
        break;
      case 'NodeUpdate':
        readBody(NODE_BODY, body, 'node');
        await this.requireLabels(admission);
        break;
      case 'SwarmInit':
        readBody(SWARM_INIT_BODY, body, 'swarm');
        break;
      case 'SwarmJoin':
        readBody(SWARM_JOIN_BODY, body, 'request to join');
        break;
      case 'SwarmUpdate':
        readBody(SWARM_SPEC_BODY, body, 'swarm');
        break;
      case 'SwarmUnlock':
        readBody(SWARM_UNLOCK_BODY, body, 'request to unlock');
        break;
      default:
    }
  }

  /** A plugin gives what its options name, whoever else may have put it there. */
  private async judgeSecret({ rights, operation, request }: Admission): Promise<void> {
    const { Driver } = readBody(SECRET_BODY, request.body, 'secret');
    if (!Driver) return;
    const created = this.authoriser.created(labelsOf(request.body));
    if ((await rights.level(operation.permission, created)) === 'privileged') return;
    throw policyViolation('This secret is not allowed', [
      { rule: 'secretDriver', field: 'Driver', message: 'a plugin may give out what belongs to others' },
    ]);
  }

  /** Labels decide who may do what: an object is moved only within what the actor may do, and never out of our own hands. */
  private async requireLabels({ actor, engine, operation, rights, target, request }: Admission) {
    const object = target?.object;
    if (!object) return;
    const labels = labelsOf(request.body);
    const keys = new Set([...Object.keys(object.labels), ...Object.keys(labels)]);
    const changed = [...keys].filter((key) => isReserved(key) && labels[key] !== object.labels[key]);
    if (changed.length > 0) throw reservedLabels(changed);
    const moved = this.authoriser.existing(actor, engine, object.kind, object.id, labels);
    if (!(await rights.may(operation.permission, moved)))
      throw new DomainError(
        'forbidden',
        `You need the permission ${operation.permission} for a ${object.kind} with these labels`,
      );
  }
}
