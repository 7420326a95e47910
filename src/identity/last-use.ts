import { Logger } from '@nestjs/common';
import { messageOf } from '../common/errors.js';
import type { Database } from '../database/schema.js';

/** How exactly the last use of a credential is known. */
const ACCURACY_MS = 60_000;

/** What people come in by, with what it is called in the log. */
const CREDENTIALS = {
  session: 'a session',
  api_token: 'an API token',
  doorway: 'a socket or certificate',
} as const;

/** Notes that a credential was used now. Never fails: a full disk must not keep people from looking at what goes on. */
export async function noteUse(
  db: Database,
  table: keyof typeof CREDENTIALS,
  { id, last_used_at }: { readonly id: string; readonly last_used_at: number | null },
  now: number,
): Promise<void> {
  if (last_used_at !== null && now - last_used_at < ACCURACY_MS) return;
  try {
    await db.updateTable(table).set({ last_used_at: now }).where('id', '=', id).execute();
  } catch (error) {
    new Logger('Identity').warn(`the use of ${CREDENTIALS[table]} can't be noted: ${messageOf(error)}`);
  }
}
