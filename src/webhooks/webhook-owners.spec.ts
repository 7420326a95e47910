import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { ActorGate, Gate } from '../gate/gate.js';
import { buildIdentity, type Identity } from '../identity/testing/identity-fixture.js';
import { WebhookOwners } from './webhook-owners.js';

let database: TemporaryDatabase;
let identity: Identity;
let isThere: boolean;
let owners: WebhookOwners;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
  isThere = true;
  const gate = Object.assign(Object.create(Gate.prototype) as Gate, {
    onBehalfOf: () =>
      Promise.resolve(isThere ? (Object.create(ActorGate.prototype) as ActorGate) : undefined),
  });
  owners = new WebhookOwners(gate, identity.authentication);
});
afterEach(() => database.close());

describe('a webhook', () => {
  it('is told nothing once the credential that it was made with is withdrawn, or its owner is gone', async () => {
    const { id } = await identity.users.create({ username: 'alice', password: 'correct horse battery' });
    const alice = { kind: 'user', id, name: 'alice', teamIds: [] } as const;
    const { token } = await identity.apiTokens.create(alice, { name: 'ci' });
    const made = { owner: { kind: 'user', id }, limits: undefined, parentId: token.id } as const;
    expect(await owners.of(made)).toEqual({ gate: expect.any(ActorGate) });
    await identity.apiTokens.revoke(alice, token.id);
    expect(await owners.of(made)).toEqual({ gone: 'credentialGone' });
    const taken = { ...made, parentId: null };
    expect(await owners.of(taken)).toEqual({ gate: expect.any(ActorGate) });
    isThere = false;
    expect(await owners.of(taken)).toEqual({ gone: 'ownerGone' });
  });
});
