import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';

/** Tells what this Dockmaster left behind on an engine from what another did. Kept in the data directory. */
@Injectable()
export class InstanceId {
  private id: Promise<string> | undefined;

  constructor(@Inject(Settings) private readonly settings: Settings) {}

  get(): Promise<string> {
    this.id ??= this.readOrMake();
    return this.id;
  }

  private async readOrMake(): Promise<string> {
    const path = join(this.settings.dataDir, 'instance-id');
    await mkdir(this.settings.dataDir, { recursive: true, mode: 0o700 });
    try {
      await writeFile(path, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      const isThere =
        typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
      if (!isThere) throw error;
    }
    return (await readFile(path, 'utf8')).trim();
  }
}
