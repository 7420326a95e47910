import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/errors.js';
import { Settings } from '../config/settings.js';

/** The user that is made where there is none. */
export const FIRST_ADMIN = 'admin';
const FILE_NAME = 'initial-admin-password';

/** The file in the data directory from which whoever set Dockmaster up learns the first password. Never logged. */
@Injectable()
export class InitialPasswordFile {
  readonly path: string;
  private readonly logger = new Logger('Identity');

  constructor(private readonly settings: Settings) {
    this.path = join(settings.dataDir, FILE_NAME);
  }

  /** Puts the file in place whole or not at all, for the eyes of its owner only, and safe from a power cut. */
  async write(password: string): Promise<void> {
    await mkdir(this.settings.dataDir, { recursive: true, mode: 0o700 });
    const draft = `${this.path}.${randomBytes(8).toString('hex')}`;
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${password}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.path);
    const directory = await open(this.settings.dataDir, 'r');
    await directory.sync().finally(() => directory.close());
  }

  /** Removes the file once `username`'s password is another one. */
  async removeFor(username: string): Promise<void> {
    if (username !== FIRST_ADMIN) return;
    try {
      await rm(this.path, { force: true });
    } catch (error) {
      // The password in it is not valid any more, so this is no reason to fail.
      this.logger.warn(`${FILE_NAME} can't be removed from the data directory: ${messageOf(error)}`);
    }
  }
}
