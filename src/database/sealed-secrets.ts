import { sql } from 'kysely';
import { PUT_KEY_BACK, type SecretBox } from '../common/secret-box.js';
import type { Database } from './schema.js';

/** Where secrets are kept sealed for long. */
const SEALED = [
  ['totp', 'sealed'],
  ['engine', 'sealed_key'],
  ['registry', 'sealed_password'],
  ['hook', 'sealed_run'],
  ['hook', 'sealed_secret'],
  ['schedule', 'sealed_run'],
  ['webhook', 'sealed_address'],
] as const;

/** What to tell whoever starts the program with a key that does not open what the database has; undefined where it does. */
export async function otherKeysWarning(db: Database, box: SecretBox): Promise<string | undefined> {
  let count = 0;
  for (const [table, column] of SEALED) {
    const sealed = sql.ref(column);
    const { rows } = await sql<{ count: number | string }>`
      select count(*) as count from ${sql.table(table)}
      where ${sealed} is not null and substr(${sealed}, 1, ${box.beginning.length}) <> ${box.beginning}
    `.execute(db);
    count += Number(rows[0]?.count ?? 0);
  }
  if (count === 0) return undefined;
  return `The database has stored secrets (${count}) that the key in use (${box.keyId}) does not open: what needs them fails. ${PUT_KEY_BACK}`;
}
