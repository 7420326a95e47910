import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, messageOf } from '../common/errors.js';

const FILE_NAME = 'secret-key';
const MIN_LENGTH = 32;

/**
 * The key that stored secrets are encrypted with where the settings give none: kept in the data directory, for the eyes
 * of its owner only, and made where there is none. It is as precious as the database: without it, what was encrypted
 * is lost.
 *
 * @throws DomainError `unavailable` where the file can't be read or made
 */
export async function keptSecretKey(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE_NAME);
  try {
    return (await read(path)) ?? (await make(dataDir, path));
  } catch (error) {
    throw new DomainError('unavailable', `The key in ${path} can't be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    const key = (await readFile(path, 'utf8')).trim();
    if (key.length < MIN_LENGTH) throw new Error('it is not whole; put it back from a backup');
    return key;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Puts the file in place whole or not at all. Of several processes that start at once, one makes the key for all. */
async function make(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (!isTaken(error)) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const directory = await open(dataDir, 'r');
  await directory.sync().finally(() => directory.close());
  const key = await read(path);
  if (key === undefined) throw new Error('it went away');
  return key;
}

const hasCode = (error: unknown, code: string) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
const isMissing = (error: unknown) => hasCode(error, 'ENOENT');
const isTaken = (error: unknown) => hasCode(error, 'EEXIST');
