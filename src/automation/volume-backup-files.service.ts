import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Settings } from '../config/settings.js';
import type { JobContext } from '../jobs/jobs.service.js';
import { VolumeBackupService } from '../volumes/volume-backup.service.js';
import type { Compression } from '../volumes/volume-transfer.inputs.js';
import type { ActionInput } from './action.inputs.js';
import { type KeptFile, surplus } from './backup-retention.js';

const DAY_MS = 24 * 60 * 60_000;
const PARTIAL = '.partial';
const EXTENSION: Readonly<Record<Compression, string>> = { none: 'tar', gzip: 'tar.gz', zstd: 'tar.zst' };

/** What came of a backup. */
export interface BackupResult {
  /** Below the backups directory. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Names of containers that ran with the volume meanwhile. */
  readonly inUseBy: readonly string[];
  /** Older ones that were deleted. */
  readonly deleted: readonly string[];
}

/** Writes backups of volumes into the backups directory, and deletes old ones once a new one is whole. */
@Injectable()
export class VolumeBackupFiles {
  constructor(
    private readonly backups: VolumeBackupService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * @param action of the kind `backupVolume`
   * @param source whose backups they are: one hook or schedule does not delete those of another
   * @throws DomainError `unavailable` where the directory can't be written to; as a backup
   */
  async backUp(action: ActionInput, source: string, job: JobContext): Promise<BackupResult> {
    const { engine, target: name = '', backup: options = { keepLast: 1 } } = action;
    const { compression = 'zstd', pause = false, keepLast, keepDays } = options;
    // Both have patterns that leave no room for "..", "/" and a dot at the start.
    const folder = join(this.settings.backupDir, engine, name);
    const now = this.clock.now();
    const file = `${new Date(now).toISOString().replaceAll(':', '-')}_${source}.${EXTENSION[compression]}`;
    const { content, sha256, inUseBy } = await this.backups.backup(
      job.actor,
      { engine, name },
      { compression, pause },
      job.signal,
    );
    const partial = join(folder, `${file}${PARTIAL}`);
    try {
      await inDirectory(() => mkdir(folder, { recursive: true, mode: 0o700 }));
      await inDirectory(() =>
        pipeline(content, counted(job), createWriteStream(partial, { flags: 'wx', mode: 0o600 }), {
          signal: job.signal,
        }),
      );
      await synced(partial);
      await rename(partial, join(folder, file));
    } catch (error) {
      content.destroy();
      await rm(partial, { force: true });
      throw error;
    }
    const { size } = await stat(join(folder, file));
    const rules = { keepLast, keepMs: keepDays === undefined ? Infinity : keepDays * DAY_MS, now };
    const deleted = surplus(await filesOf(folder, source), rules);
    for (const old of deleted) await rm(join(folder, old), { force: true });
    return { file: join(engine, name, file), bytes: size, sha256: sha256(), inUseBy, deleted };
  }
}

function counted({ progress }: JobContext) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let current = 0;
    for await (const part of source) {
      current += part.length;
      progress({ current, message: 'Writing the backup' });
      yield part;
    }
  };
}

/** Not before it is on the disk is it a backup. */
async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Those of one source, with when each was begun; what was cut off by the end of a process among them. */
async function filesOf(folder: string, source: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const name of await readdir(folder)) {
    const [, time, of] = /^(\d{4}-\d\d-\d\dT[\d.-]+Z)_([0-9a-f-]{36})\./.exec(name) ?? [];
    if (time === undefined || of !== source) continue;
    const at = Date.parse(time.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
    files.push({ name, at, isPartial: name.endsWith(PARTIAL) });
  }
  return files;
}

/** What the system says of a path on our disk is for the log, not for callers. */
async function inDirectory<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (!/^(EACCES|EROFS|ENOSPC|EDQUOT|ENOTDIR|EPERM|EEXIST|EIO)$/.test(code)) throw error;
    throw new DomainError('unavailable', `The backups directory can't be written to: ${code}`, {
      cause: error,
    });
  }
}
