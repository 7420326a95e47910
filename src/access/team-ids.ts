import type { Database } from '../database/schema.js';

/** The ids of the teams that a user is in, in order. */
export async function teamIdsOf(userId: string, db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('team_member')
    .select('team_id')
    .where('user_id', '=', userId)
    .orderBy('team_id')
    .execute();
  return rows.map(({ team_id }) => team_id);
}
