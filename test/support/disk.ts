import { existsSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The whole disk that holds a directory, such as `/dev/sda`; undefined where there is none, as with tmpfs or overlay. */
export function diskOf(directory: string): string | undefined {
  const { dev } = statSync(directory);
  const link = `/sys/dev/block/${String(dev >>> 8)}:${String(dev & 0xff)}`;
  if (!existsSync(link)) return undefined;
  const target = readlinkSync(link);
  const disk = existsSync(`${link}/partition`) ? dirname(target) : target;
  return `/dev/${basename(disk)}`;
}
