import { readFile } from 'node:fs/promises';

/** A name as `useradd` takes it, or a number that the kernel takes; 2^32 - 1 means nobody there. */
export const FILE_OWNER = /^(\d{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31})$/;
const MAX_ID = 2 ** 32 - 2;

/**
 * The number of a user of this machine.
 *
 * @param owner a name of `/etc/passwd`, or a number; null for none
 * @throws Error where there is no such user
 */
export function fileOwnerId(owner: string | null): Promise<number | undefined> {
  return idIn('/etc/passwd', 'user', owner);
}

/** The number of a group of this machine, by `/etc/group`, as `fileOwnerId`. */
export function fileGroupId(group: string | null): Promise<number | undefined> {
  return idIn('/etc/group', 'group', group);
}

/** In both files a line is `name:password:number:…`. */
async function idIn(file: string, what: string, text: string | null): Promise<number | undefined> {
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) {
    const id = Number(text);
    if (id <= MAX_ID) return id;
    throw new Error(`There is no ${what} ${text}: the largest number is ${MAX_ID}`);
  }
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [name, , id = ''] = line.split(':');
    if (name === text && /^\d{1,10}$/.test(id)) return Number(id);
  }
  throw new Error(`There is no ${what} ${text} in ${file}; give its number`);
}
