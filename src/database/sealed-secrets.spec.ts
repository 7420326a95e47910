import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SecretBox } from '../common/secret-box.js';
import { otherKeysWarning } from './sealed-secrets.js';
import { openTemporaryDatabase, type TemporaryDatabase } from './testing/temporary-database.js';

const box = new SecretBox('the key that belongs to this database, all of it');
const other = new SecretBox('a key that was made anew since that was lost');

let database: TemporaryDatabase;
beforeEach(async () => {
  database = await openTemporaryDatabase();
});
afterEach(() => database.close());

const store = (name: string, sealedPassword: string | null) =>
  database.db
    .insertInto('registry')
    .values({
      id: name,
      name,
      address: `${name}.example.com`,
      insecure: 0,
      username: sealedPassword === null ? null : 'bob',
      sealed_password: sealedPassword,
      ca: null,
      default_for: null,
      revision: 1,
      created_at: 0,
      updated_at: 0,
    })
    .execute();

describe('a start with stored secrets', () => {
  it('says nothing where there are none, and with the key that they were sealed with', async () => {
    expect(await otherKeysWarning(database.db, box)).toBeUndefined();
    await store('open', null);
    await store('mine', box.seal('secret', 'registry:mine'));
    expect(await otherKeysWarning(database.db, box)).toBeUndefined();
  });

  it('with another key counts those that it does not open, and says what to do', async () => {
    await store('mine', box.seal('secret', 'registry:mine'));
    await store('theirs', other.seal('secret', 'registry:theirs'));
    const warning = await otherKeysWarning(database.db, other);
    expect(warning).toContain('stored secrets (1)');
    expect(warning).toContain('Put back the `secret-key` file that belongs to this database');
    expect(warning).toContain('DOCKMASTER_SECRET_KEY');
  });
});
