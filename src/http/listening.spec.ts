import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { CannotListen, listenBySetting } from './listening.js';

const LISTEN = { host: '::1', port: 80 };
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`listen ${code}`), { code }));

describe('a server that cannot listen', () => {
  it('says in one line where, why, and by which setting to change it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const second = createServer();
    const listening = listenBySetting('DOCKMASTER_LISTEN', { host: '127.0.0.1', port }, () =>
      once(second.listen(port, '127.0.0.1'), 'listening'),
    );
    await expect(listening).rejects.toThrow(
      `Can't listen on 127.0.0.1:${port}: another program listens there already. To listen elsewhere, set DOCKMASTER_LISTEN.`,
    );
    other.close();
  });

  it.each([
    ['EACCES', 'this user may not listen there'],
    ['EADDRNOTAVAIL', 'this machine has no such address'],
    ['ENOTFOUND', 'no such host is known'],
    ['EOTHER', 'listen EOTHER'],
  ])('for %s says: %s', async (code, reason) => {
    const failed = listenBySetting('DOCKMASTER_TLS_LISTEN', LISTEN, failing(code));
    await expect(failed).rejects.toThrow(CannotListen);
    await expect(failed).rejects.toThrow(
      `Can't listen on [::1]:80: ${reason}. To listen elsewhere, set DOCKMASTER_TLS_LISTEN.`,
    );
  });
});
