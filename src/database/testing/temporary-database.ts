import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../open-database.js';
import type { Database } from '../schema.js';

export interface TemporaryDatabase {
  readonly db: Database;
  /** The data directory that the SQLite file is in. */
  readonly dataDir: string;
  close(): Promise<void>;
}

/** A migrated, empty SQLite database in a directory of its own. For tests. */
export async function openTemporaryDatabase(): Promise<TemporaryDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-db-'));
  const db = await openDatabase({ dataDir });
  return {
    db,
    dataDir,
    close: async () => {
      await db.destroy();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
