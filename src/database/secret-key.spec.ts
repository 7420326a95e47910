import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keptSecretKey } from './secret-key.js';

let parent: string;
let dataDir: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'dockmaster-key-'));
  dataDir = join(parent, 'data');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the key in the data directory', () => {
  it('is made once, of 256 random bits, readable by its owner only, and kept', async () => {
    const key = await keptSecretKey(dataDir);
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect((await stat(join(dataDir, 'secret-key'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(dataDir, 'secret-key'), 'utf8')).trim()).toBe(key);
    expect(await keptSecretKey(dataDir)).toBe(key);
    expect(await readdir(dataDir)).toEqual(['secret-key']);
  });

  it('is one for all who start at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => keptSecretKey(dataDir)));
    expect(new Set(keys).size).toBe(1);
  });

  it('that is not whole is not replaced, because what was encrypted with it would be lost', async () => {
    await keptSecretKey(dataDir);
    await writeFile(join(dataDir, 'secret-key'), 'short\n');
    await expect(keptSecretKey(dataDir)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await readFile(join(dataDir, 'secret-key'), 'utf8')).toBe('short\n');
  });
});
