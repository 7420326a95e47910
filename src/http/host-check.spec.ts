import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../config/settings.js';
import { isOurHost } from './host-check.js';

const own = (listen: string, allowed: string, host: string | undefined) =>
  isOurHost(readSettings({ DOCKMASTER_LISTEN: listen, DOCKMASTER_ALLOWED_HOSTS: allowed }), host);
const LOOPBACK = '127.0.0.1:8080';
const EVERYWHERE = '0.0.0.0:8080';

describe('a Host header', () => {
  it.each([
    '127.0.0.1:8080',
    '192.0.2.7',
    '[::1]:8080',
    '[2001:db8::1]',
    'localhost',
    'LOCALHOST:80',
    'a.localhost.',
    undefined,
  ])('is ours, whatever the settings: %s', (host) => {
    expect(own(LOOPBACK, '', host)).toBe(true);
    expect(own(EVERYWHERE, 'dock.test', host)).toBe(true);
  });

  it.each(['evil.test', '127.0.0.1.evil.test', 'localhost.evil.test', 'evil.test:8080', '1.2.3.4.5'])(
    'is not ours where we listen for this machine only: %s',
    (host) => {
      expect(own(LOOPBACK, '', host)).toBe(false);
    },
  );

  it('is ours where it is a name that the settings have, in any case and with any port', () => {
    for (const host of ['dock.test', 'DOCK.test:443', 'dock.test.']) {
      expect(own(LOOPBACK, 'Dock.test,other.test', host)).toBe(true);
      expect(own(EVERYWHERE, 'other.test', host)).toBe(false);
    }
  });

  it('is ours whatever the name, where nothing says otherwise', () => {
    expect(own(EVERYWHERE, '', 'anything.test')).toBe(true);
    expect(own(LOOPBACK, '*', 'anything.test')).toBe(true);
  });

  it.each([
    '',
    'a b',
    'http://dock.test',
    'dock.test@evil.test:80/x',
    '[::1',
    'dock.test:80:80',
    'dock.test, evil.test',
  ])('is nobody’s: %j', (host) => {
    expect(own(EVERYWHERE, '', host)).toBe(false);
  });
});
