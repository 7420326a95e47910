import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SocketFolder } from './socket-folder.js';

const FILE = { mode: 0o640, owner: null, group: null };

let directory: string;
let root: string;
let folder: SocketFolder;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'folder-'));
  root = join(directory, 'sockets');
  folder = new SocketFolder(root);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(directory, { recursive: true, force: true });
});
function server(): Server {
  const made = createServer((socket) => socket.end());
  servers.push(made);
  return made;
}
async function listen(name: string) {
  await folder.prepare();
  return folder.listen(server(), name, FILE);
}
/** As a process leaves its socket behind that was killed. */
async function leaveStale(path: string): Promise<void> {
  const crashed = createServer().listen(`${path}.new`);
  await once(crashed, 'listening');
  renameSync(`${path}.new`, path);
  crashed.close();
}

describe('the folder of the sockets', () => {
  it('is made where it is missing, and holds each socket in a folder of its own', async () => {
    const { path } = await listen('proxy');
    expect(path).toBe(join(root, 'proxy', 'docker.sock'));
    expect(lstatSync(path).isSocket()).toBe(true);
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
    for (const place of [root, join(root, 'proxy')]) expect(lstatSync(place).mode & 0o777).toBe(0o711);
  });

  it('replaces a socket that nobody listens on, and knows its own by more than the name', async () => {
    await folder.prepare();
    mkdirSync(join(root, 'proxy'));
    await leaveStale(folder.pathOf('proxy'));
    const bound = await listen('proxy');
    expect(await folder.holds(bound)).toBe(true);
    await leaveStale(bound.path);
    expect(await folder.holds(bound)).toBe(false);
    rmSync(bound.path);
    expect(await folder.holds(bound)).toBe(false);
  });

  it('replaces neither a socket that somebody listens on nor what is no socket', async () => {
    const first = await listen('proxy');
    await expect(listen('proxy')).rejects.toThrow('Another process listens');
    expect(await folder.holds(first)).toBe(true);
    mkdirSync(join(root, 'file'));
    writeFileSync(folder.pathOf('file'), 'precious');
    await expect(listen('file')).rejects.toThrow('no socket');
    expect(lstatSync(folder.pathOf('file')).isFile()).toBe(true);
  });

  it('has its folders to itself: others may not write to them, and they hold nothing of others', async () => {
    mkdirSync(root, { mode: 0o755 });
    writeFileSync(join(root, 'docker.sock'), '');
    await expect(listen('proxy')).rejects.toThrow('name an empty folder');
    rmSync(join(root, 'docker.sock'));
    await folder.prepare();
    const mask = process.umask(0);
    mkdirSync(join(root, 'wide'), { mode: 0o777 });
    process.umask(mask);
    await expect(listen('wide')).rejects.toThrow('Others can write');
  });

  it('is swept of what is stale and not known any more, and of nothing else', async () => {
    await listen('known');
    await listen('live');
    for (const name of ['stale', 'empty', 'full', 'kept']) mkdirSync(join(root, name));
    for (const name of ['stale', 'kept']) await leaveStale(folder.pathOf(name));
    writeFileSync(join(root, 'full', 'notes'), '');
    writeFileSync(join(root, 'a-file'), '');
    await folder.sweep(new Set(['known', 'kept']));
    const left = ['known', 'live', 'kept', 'stale', 'empty', 'full', 'a-file'];
    expect(left.filter((name) => existsSync(join(root, name)))).toEqual([
      'known',
      'live',
      'kept',
      'full',
      'a-file',
    ]);
    expect(existsSync(folder.pathOf('live'))).toBe(true);
  });

  it('is not swept where it is not ours', async () => {
    mkdirSync(join(root, 'other'), { recursive: true });
    await leaveStale(folder.pathOf('other'));
    await folder.sweep(new Set());
    expect(existsSync(folder.pathOf('other'))).toBe(true);
  });

  it('closes the server where the file cannot be given to whom it should belong to', async () => {
    await folder.prepare();
    const made = server();
    const listening = folder.listen(made, 'proxy', { ...FILE, owner: 'nobody-by-this-name' });
    await expect(listening).rejects.toThrow('There is no user nobody-by-this-name');
    expect(made.listening).toBe(false);
  });

  it('tells which names make too long a path', () => {
    const room = 107 - Buffer.byteLength(root) - '//docker.sock'.length;
    expect(folder.tooLong('a'.repeat(room))).toBeUndefined();
    expect(folder.tooLong('a'.repeat(room + 1))).toContain('108 bytes');
  });
});
