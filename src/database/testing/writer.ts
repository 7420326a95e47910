// A process that writes ownership records one after the other, and prints the number of each one that is committed.
import { openDatabase } from '../open-database.js';

const [dataDir = ''] = process.argv.slice(2);
const db = await openDatabase({ dataDir });
for (let number = 1; ; number++) {
  await db
    .insertInto('ownership')
    .values({
      engine: 'local',
      kind: 'container',
      object_id: String(number),
      name: `n${number}`,
      owner_kind: 'user',
      owner_id: 'u1',
      created_at: number,
    })
    .execute();
  process.stdout.write(`${number}\n`);
}
