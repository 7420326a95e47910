import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../common/errors.js';

/** Why the data directory can't be used, in a line for who chose it. */
export class CannotUseDataDirectory extends Error {}

/** What they mean to who chose the directory. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
  ENOENT: 'it can not be made there',
};

/**
 * Makes the data directory where it is missing.
 *
 * @throws CannotUseDataDirectory where it can't be made or written to
 */
export function prepareDataDirectory(path: string): void {
  try {
    makeDirectory(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error);
    throw new CannotUseDataDirectory(
      `Can't use the data directory ${path}: ${reason}. Make it writable for the user that runs Dockmaster, or ` +
        'choose another with DOCKMASTER_DATA_DIR.',
      { cause: error },
    );
  }
}

/** Not by `recursive`: that tries for ever where a parent is there and makes no directories, such as /proc. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      accessSync(`${path}/.`);
      return;
    }
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectory(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}
