import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CannotUseDataDirectory, prepareDataDirectory } from './data-directory.js';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'dockmaster-directory-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the data directory', () => {
  it('is made with its parents, for the eyes of its owner only, and used where it is there', async () => {
    const path = join(parent, 'a', 'b');
    prepareDataDirectory(path);
    prepareDataDirectory(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['where no directory can be made', '/proc/x/y', 'it can not be made there'],
    ['that is a file', 'file', 'a part of the path is a file'],
    ['below a file', 'file/data', 'a part of the path is a file'],
  ])('%s is refused in one line that says what to do', async (_, path, reason) => {
    await writeFile(join(parent, 'file'), '');
    const whole = path.startsWith('/') ? path : join(parent, path);
    const attempt = () => {
      prepareDataDirectory(whole);
    };
    expect(attempt).toThrow(CannotUseDataDirectory);
    expect(attempt).toThrow(
      `Can't use the data directory ${whole}: ${reason}. Make it writable for the user that runs Dockmaster, or choose ` +
        'another with DOCKMASTER_DATA_DIR.',
    );
  });
});
