import { describe, expect, it } from '@jest/globals';
import type { RoleBinding } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { BUILT_IN_ROLES } from '../common/roles.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import { operation, type OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { type Authoriser, toGrant } from './authoriser.js';
import type { ContainerReferences } from './container-references.js';
import { ContainerPolicy } from './container-policy.js';
import type { EngineFacts } from './engine-facts.js';
import { Rights } from './rights.js';
import type { ServicePolicy } from './service-policy.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };

function policyWith(images: readonly string[]): ContainerPolicy {
  const authoriser = {
    created: (labels: Record<string, string>, repositories?: readonly string[]) => ({
      labels,
      ownedByActor: () => Promise.resolve(true),
      ...(repositories ? { repositories } : {}),
    }),
  } as unknown as Authoriser;
  const facts = {
    image: (_: unknown, name: string) =>
      Promise.resolve(images.includes(name) ? { id: 'sha256:1' } : undefined),
  } as unknown as EngineFacts;
  return new ContainerPolicy(authoriser, {} as ContainerReferences, facts, {} as ServicePolicy);
}

function judge(
  policy: ContainerPolicy,
  id: OperationId,
  query: EngineRequest['query'],
  scope: Partial<RoleBinding['scope']> = {},
) {
  const binding = {
    role: 'developer',
    scope: { engines: ['*'], ...scope },
    level: 'baseline',
  } as RoleBinding;
  return policy.judge({
    actor: ACTOR,
    engine: 'local',
    operation: operation(id),
    rights: new Rights(ACTOR, 'local', [toGrant(binding, BUILT_IN_ROLES.developer)]),
    request: { query: query ?? {} },
  } as unknown as Admission);
}

describe('the name that a commit gives', () => {
  const SCOPE = { imageRepositories: ['team/*'] };

  it('is within the repositories of who commits, and nothing is told of the others', async () => {
    const policy = policyWith(['other/app:v1']);
    const refused = { kind: 'forbidden', message: 'You need the permission images:tag in other/app' };
    for (const tag of ['v1', 'v2'])
      await expect(judge(policy, 'ImageCommit', { repo: 'other/app', tag }, SCOPE)).rejects.toMatchObject(
        refused,
      );
    await expect(judge(policy, 'ImageCommit', { repo: 'team/app', tag: 'v1' }, SCOPE)).resolves.toBeDefined();
  });

  it('is none that an image has', async () => {
    await expect(
      judge(policyWith(['team/app:v1']), 'ImageCommit', { repo: 'team/app', tag: 'v1' }, SCOPE),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
