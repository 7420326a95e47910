import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import type { DomainError } from '../common/errors.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import type { SecondFactorProof } from './second-factors.service.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';
import { totpCode } from './totp.js';

const PASSWORD = 'correct horse battery';
const HOME = '192.0.2.7';
const STEP_MS = 30_000;

let database: TemporaryDatabase;
let identity: Identity;
let alice: Actor;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
  await identity.users.create({ username: 'alice', password: PASSWORD });
  alice = await authenticate();
});
afterEach(() => database.close());

const signIn = (proof: SecondFactorProof = {}, password = PASSWORD) =>
  identity.signIn.signIn('alice', password, HOME, proof);
const authenticate = async (proof: SecondFactorProof = {}) =>
  identity.authentication.authenticate((await signIn(proof)).accessToken);
const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => Promise.reject(new Error('went through')),
    (error: unknown) => error as DomainError,
  );
const recorded = async (operation: string) => (await identity.audit.list({ operation })).items;

/** Gives alice a second factor, and lets the time step of its confirmation pass. */
async function enrol(): Promise<{ secret: string; codes: string[] }> {
  const { secret } = await identity.secondFactorEnrolment.enrol(alice, PASSWORD);
  const codes = await identity.secondFactorEnrolment.confirm(alice, totpCode(secret, identity.clock.now()));
  identity.clock.advance(2 * STEP_MS);
  return { secret, codes };
}
const codeOf = (secret: string) => totpCode(secret, identity.clock.now());

describe('setting up a second factor', () => {
  it('needs the password, and holds once a code of it was shown', async () => {
    expect(
      await failureOf(identity.secondFactorEnrolment.enrol(alice, 'another long password')),
    ).toMatchObject({ kind: 'invalid_input', errors: [{ field: 'currentPassword' }] });
    const { secret, otpauthUri } = await identity.secondFactorEnrolment.enrol(alice, PASSWORD);
    expect(otpauthUri).toContain(secret);
    await signIn();
    expect(await failureOf(identity.secondFactorEnrolment.confirm(alice, '000000'))).toMatchObject({
      kind: 'invalid_input',
    });
    await signIn();
    expect(await identity.secondFactorEnrolment.confirm(alice, codeOf(secret))).toHaveLength(10);
    expect(await failureOf(signIn())).toMatchObject({ kind: 'second_factor_required' });
    expect(await identity.secondFactorEnrolment.state(alice)).toMatchObject({
      enabled: true,
      recoveryCodesLeft: 10,
    });
  });

  it('that was not confirmed is replaced by the next one, and forgotten after 15 minutes', async () => {
    const first = await identity.secondFactorEnrolment.enrol(alice, PASSWORD);
    const second = await identity.secondFactorEnrolment.enrol(alice, PASSWORD);
    expect(
      await failureOf(identity.secondFactorEnrolment.confirm(alice, codeOf(first.secret))),
    ).toMatchObject({ kind: 'invalid_input' });
    identity.clock.advance(15 * 60_000);
    expect(
      await failureOf(identity.secondFactorEnrolment.confirm(alice, codeOf(second.secret))),
    ).toMatchObject({ kind: 'conflict' });
  });

  it('where there is one is a conflict, and clears no count of wrong codes', async () => {
    await enrol();
    for (let index = 0; index < 5; index++) await failureOf(signIn({ totp: '000000' }));
    expect(await failureOf(identity.secondFactorEnrolment.enrol(alice, PASSWORD))).toMatchObject({
      kind: 'conflict',
    });
    expect(await failureOf(signIn({ totp: '000000' }))).toMatchObject({ kind: 'too_many_requests' });
  });

  it('stores neither the secret nor a recovery code as it is', async () => {
    const { secret, codes } = await enrol();
    const stored = JSON.stringify([
      await database.db.selectFrom('totp').selectAll().execute(),
      await database.db.selectFrom('recovery_code').selectAll().execute(),
      await database.db.selectFrom('audit_record').selectAll().execute(),
    ]);
    for (const text of [secret, ...codes]) expect(stored).not.toContain(text);
  });

  it('is not for API tokens', async () => {
    const { secret } = await identity.apiTokens.create(alice, { name: 'ci' });
    const token = await identity.authentication.authenticate(secret);
    expect(await failureOf(identity.secondFactorEnrolment.enrol(token, PASSWORD))).toMatchObject({
      kind: 'forbidden',
    });
    expect(await failureOf(identity.secondFactorEnrolment.disable(token, {}))).toMatchObject({
      kind: 'forbidden',
    });
  });
});

describe('signing in with a second factor', () => {
  it('takes each code once', async () => {
    const { secret } = await enrol();
    const totp = codeOf(secret);
    await signIn({ totp });
    expect(await failureOf(signIn({ totp }))).toMatchObject({
      kind: 'unauthenticated',
      message: 'The code is wrong, or was used already',
    });
    identity.clock.advance(STEP_MS);
    await signIn({ totp: codeOf(secret) });
  });

  it('takes a code once only, when it comes several times at once', async () => {
    const { secret } = await enrol();
    const totp = codeOf(secret);
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => signIn({ totp })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not take the code again that confirmed it', async () => {
    const { secret } = await identity.secondFactorEnrolment.enrol(alice, PASSWORD);
    const totp = codeOf(secret);
    await identity.secondFactorEnrolment.confirm(alice, totp);
    expect(await failureOf(signIn({ totp }))).toMatchObject({ kind: 'unauthenticated' });
  });

  it('takes each recovery code once, however it is typed', async () => {
    const { codes } = await enrol();
    const [recoveryCode = ''] = codes;
    await signIn({ recoveryCode: recoveryCode.toUpperCase().replaceAll('-', ' ') });
    expect(await failureOf(signIn({ recoveryCode }))).toMatchObject({ kind: 'unauthenticated' });
    expect(await identity.secondFactorEnrolment.state(alice)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('asks for no code, and spends none, where the password is wrong', async () => {
    const { secret, codes } = await enrol();
    for (const proof of [{}, { totp: codeOf(secret) }, { recoveryCode: codes[0] }]) {
      expect(await failureOf(signIn(proof, 'another long password'))).toMatchObject({
        kind: 'unauthenticated',
        message: 'The username or password is wrong',
      });
    }
    await signIn({ totp: codeOf(secret) });
  });

  it('is slowed down when codes are guessed, and recorded', async () => {
    const { secret } = await enrol();
    for (let index = 0; index < 5; index++) {
      expect(await failureOf(signIn({ totp: '000000' }))).toMatchObject({ kind: 'unauthenticated' });
      // The right password alone is no success.
      await failureOf(signIn());
    }
    expect(await failureOf(signIn({ totp: codeOf(secret) }))).toMatchObject({ kind: 'too_many_requests' });
    expect((await recorded('signIn')).filter(({ outcome }) => outcome === 'refused')).toEqual(
      Array.from({ length: 5 }, () =>
        expect.objectContaining({ reason: 'Wrong code of the second factor', target_name: 'alice' }),
      ),
    );
  });
});

describe('a second factor', () => {
  it('is given up with a code of it', async () => {
    const { secret } = await enrol();
    expect(await failureOf(identity.secondFactorEnrolment.disable(alice, { totp: '000000' }))).toMatchObject({
      kind: 'invalid_input',
      errors: [{ field: 'totp' }],
    });
    expect(await failureOf(identity.secondFactorEnrolment.disable(alice, {}))).toMatchObject({
      kind: 'invalid_input',
    });
    await identity.secondFactorEnrolment.disable(alice, { totp: codeOf(secret) });
    await signIn();
    expect(await identity.secondFactorEnrolment.state(alice)).toEqual({
      enabled: false,
      confirmedAt: undefined,
      recoveryCodesLeft: 0,
    });
    expect(await recorded('disableTotp')).toContainEqual(
      expect.objectContaining({ outcome: 'succeeded', actor_name: 'alice' }),
    );
  });

  it('is given up with a recovery code, where the phone is lost', async () => {
    const { codes } = await enrol();
    await identity.secondFactorEnrolment.disable(alice, { recoveryCode: codes[3] });
    await signIn();
  });

  it('gets new recovery codes, and those from before are worth nothing', async () => {
    const { secret, codes } = await enrol();
    const renewed = await identity.secondFactorEnrolment.renewRecoveryCodes(alice, { totp: codeOf(secret) });
    expect(renewed).toHaveLength(10);
    expect(await failureOf(signIn({ recoveryCode: codes[0] }))).toMatchObject({ kind: 'unauthenticated' });
    await signIn({ recoveryCode: renewed[0] });
  });

  it('goes with its user', async () => {
    await enrol();
    await database.db.deleteFrom('user_account').where('id', '=', alice.id).execute();
    expect(await database.db.selectFrom('recovery_code').selectAll().execute()).toEqual([]);
  });
});
