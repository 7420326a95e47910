import { once } from 'node:events';
import { chmod, lchown, lstat, mkdir, readdir, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { SocketFile } from '../doorways/doorway.js';
import { fileGroupId, fileOwnerId } from './file-owners.js';

/** What the kernel takes of the path of a unix socket: `sun_path`, without the zero at its end. */
const MAX_PATH_BYTES = 107;
const FILE = 'docker.sock';
/** Tells a folder of ours from any other, in which no socket is ever replaced. */
const MARKER = '.dockmaster-sockets';
/** Whoever may connect has to come through; nobody else may look around. */
const FOLDER_MODE = 0o711;
const PROBE_MS = 2_000;

/** The file of a socket, as it was when it was made: another one by the same name is not it. */
export interface BoundFile {
  readonly path: string;
  readonly inode: number;
}

/**
 * Where scoped sockets are: each in a folder of its own, which can be mounted into a container and stays the same when the socket is
 * made anew. Nothing is touched outside, nor in a folder that Dockmaster has not made or found empty.
 */
export class SocketFolder {
  constructor(private readonly root: string) {}

  pathOf(name: string): string {
    return join(this.root, name, FILE);
  }

  /** @returns why a socket of this name can't be made; undefined where it can */
  tooLong(name: string): string | undefined {
    const bytes = Buffer.byteLength(this.pathOf(name));
    return bytes <= MAX_PATH_BYTES
      ? undefined
      : `makes a path of ${bytes} bytes, and sockets can have ${MAX_PATH_BYTES}: choose a shorter name, or another DOCKMASTER_SOCKET_DIR`;
  }

  /** @throws Error where it is not a folder that is ours alone to write to */
  async prepare(): Promise<void> {
    await mkdir(dirname(this.root), { recursive: true, mode: 0o700 });
    await makeFolder(this.root);
    if (await isThere(join(this.root, MARKER))) return;
    if ((await readdir(this.root)).length > 0)
      throw new Error(`${this.root} holds files that are not Dockmaster's: name an empty folder`);
    await writeFile(join(this.root, MARKER), 'Sockets in here are made and removed by Dockmaster.\n', {
      mode: 0o600,
      flag: 'wx',
    });
  }

  /**
   * Makes `server` listen on the socket of this name, in place of one that nobody listens on any more.
   *
   * @throws Error where it can't, with the server closed
   */
  async listen(server: Server, name: string, file: SocketFile): Promise<BoundFile> {
    const path = this.pathOf(name);
    await makeFolder(dirname(path));
    await removeStale(path);
    const [owner, group] = [await fileOwnerId(file.owner), await fileGroupId(file.group)];
    await bindPrivately(server, path);
    try {
      // Closed to all until it belongs to whom it should.
      await chmod(path, 0);
      if (owner !== undefined || group !== undefined) await lchown(path, owner ?? -1, group ?? -1);
      await chmod(path, file.mode);
      return { path, inode: (await lstat(path)).ino };
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Whether it is still there: somebody may have removed or replaced it. */
  async holds({ path, inode }: BoundFile): Promise<boolean> {
    return (await lstatIfThere(path))?.ino === inode;
  }

  /** Removes the sockets that nobody listens on, and their folders, but for those of `kept`. What is no socket stays. */
  async sweep(kept: ReadonlySet<string>): Promise<void> {
    if (!(await isThere(join(this.root, MARKER)))) return;
    for (const entry of await readdir(this.root, { withFileTypes: true })) {
      if (!entry.isDirectory() || kept.has(entry.name)) continue;
      await this.removeFolder(entry.name);
    }
  }

  /** Removes the folder of a socket that is gone for good, unless something else is in it. */
  async removeFolder(name: string): Promise<void> {
    const path = this.pathOf(name);
    if ((await lstatIfThere(path))?.isSocket() === true) {
      if (await isAnswered(path)) return;
      await unlink(path);
    }
    try {
      await rmdir(dirname(path));
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'ENOENT')) throw error;
    }
  }
}

/** Makes it unless it is there, and holds it against whoever else could write to it. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    await chmod(path, FOLDER_MODE);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const facts = await stat(path);
  if (!facts.isDirectory()) throw new Error(`${path} is no folder`);
  if (facts.uid !== process.geteuid?.()) throw new Error(`${path} belongs to another user`);
  if ((facts.mode & 0o022) !== 0) throw new Error(`Others can write to ${path}: run chmod go-w on it`);
}

/** @throws Error where something is in the way that is not a socket without a listener */
async function removeStale(path: string): Promise<void> {
  const known = await lstatIfThere(path);
  if (!known) return;
  if (!known.isSocket()) throw new Error(`${path} is in the way, and is no socket`);
  if (await isAnswered(path)) throw new Error(`Another process listens on ${path}`);
  await unlink(path);
}

/** Whether somebody listens on it. Where that can't be found out, it is taken to be so. */
async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch (error) {
    return !hasCode(error, 'ECONNREFUSED', 'ENOENT');
  } finally {
    socket.destroy();
  }
}

/** The file is made within `listen`, so the mask is back before anything else runs. */
async function bindPrivately(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o077);
  try {
    server.listen(path);
  } finally {
    process.umask(mask);
  }
  await once(server, 'listening');
}

async function lstatIfThere(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstatIfThere(path)) !== undefined;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
