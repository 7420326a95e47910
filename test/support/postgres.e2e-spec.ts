import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freshDatabase } from './postgres.js';

describe('a fresh PostgreSQL database', () => {
  it('is empty, takes data and goes when dropped', async () => {
    const database = await freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('CREATE TABLE seen (id int)');
    await client.query('INSERT INTO seen VALUES (1)');
    expect((await client.query('SELECT id FROM seen')).rows).toEqual([{ id: 1 }]);
    await client.end();

    await database.drop();
    const late = new pg.Client({ connectionString: database.url });
    await expect(late.connect()).rejects.toThrow(/does not exist/);
  });
});
