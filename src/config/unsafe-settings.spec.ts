import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';
import { SETTINGS_CHECKS, unsafeSettings, type Surroundings } from './unsafe-settings.js';

const SAFE: Surroundings = { userId: 1000, dataDirMode: 0o700 };
const KEY = 'Ik7h-2mQz_9dVw4XcRb8TnYs5LpGf1Ao';
const checksOf = (environment: Record<string, string>, surroundings: Partial<Surroundings> = {}) =>
  unsafeSettings(readSettings(environment), { ...SAFE, ...surroundings }).map(({ name }) => name);

describe('settings', () => {
  it('are safe as they are by default', () => {
    expect(checksOf({})).toEqual([]);
  });

  const UNSAFE: Record<keyof typeof SETTINGS_CHECKS, [Record<string, string>, Partial<Surroundings>?][]> = {
    listensWithoutTls: [[{ DOCKMASTER_LISTEN: '0.0.0.0:80', DOCKMASTER_ALLOWED_HOSTS: 'dock.test' }]],
    answersToAnyHost: [
      [{ DOCKMASTER_LISTEN: '10.0.0.7:80', DOCKMASTER_TRUST_PROXY: '10.0.0.1' }],
      [{ DOCKMASTER_ALLOWED_HOSTS: '*' }],
    ],
    trustsEveryProxy: [[{ DOCKMASTER_TRUST_PROXY: '0.0.0.0/0' }], [{ DOCKMASTER_TRUST_PROXY: '::/0' }]],
    allowsOriginWithoutTls: [[{ DOCKMASTER_ALLOWED_ORIGINS: 'https://a.test,http://b.test' }]],
    engineWithoutTls: [
      [{ DOCKER_HOST: 'tcp://127.0.0.1:2375' }],
      [{ DOCKER_HOST: 'http://engine.test:2375' }],
    ],
    databaseWithoutTls: [
      [{ DATABASE_URL: 'postgres://u:p@db.test/d', DOCKMASTER_SECRET_KEY: KEY }],
      [{ DATABASE_URL: 'postgres://u:p@db.test/d?sslmode=prefer', DOCKMASTER_SECRET_KEY: KEY }],
    ],
    secretKeyNotShared: [[{ DATABASE_URL: 'postgres://u:p@localhost/d' }]],
    secretKeyGuessable: [[{ DOCKMASTER_SECRET_KEY: 'passwordpasswordpasswordpassword' }]],
    dataDirectoryOpen: [
      [{}, { dataDirMode: 0o750 }],
      [{}, { dataDirMode: 0o701 }],
      [{}, { dataDirMode: { problem: 'ENOENT' } }],
    ],
    runsAsRoot: [[{}, { userId: 0 }]],
    auditKeptForEver: [[{ DOCKMASTER_AUDIT_RETENTION_DAYS: '0' }]],
    logsEverything: [[{ DOCKMASTER_LOG_LEVEL: 'debug' }], [{ DOCKMASTER_LOG_LEVEL: 'trace' }]],
    unknownVariables: [[{ DOCKMASTER_LISTN: '0.0.0.0:80' }]],
  };

  it.each(Object.entries(UNSAFE))('are warned of: %s', (name, cases) => {
    for (const [environment, surroundings] of cases)
      expect(checksOf(environment, surroundings)).toEqual([name]);
  });

  it.each<[string, Record<string, string>]>([
    [
      'a proxy in front',
      {
        DOCKMASTER_LISTEN: '0.0.0.0:80',
        DOCKMASTER_TRUST_PROXY: '10.0.0.1',
        DOCKMASTER_ALLOWED_HOSTS: 'dock.test',
      },
    ],
    ['other loopback addresses', { DOCKMASTER_LISTEN: '[::1]:80' }],
    ['an origin on this machine', { DOCKMASTER_ALLOWED_ORIGINS: 'http://localhost:3000,http://[::1]:3000' }],
    ['an engine by TLS', { DOCKER_HOST: 'tcp://engine.test:2376', DOCKER_TLS_VERIFY: '1' }],
    [
      'a database by TLS',
      { DATABASE_URL: 'postgres://u:p@db.test/d?sslmode=verify-full', DOCKMASTER_SECRET_KEY: KEY },
    ],
  ])('are not warned of: %s', (_what, environment) => {
    expect(checksOf(environment)).toEqual([]);
  });

  it('are told of without the secrets in them', () => {
    const secret = 'hunter2hunter2hunter2hunter2hunter2';
    const warnings = unsafeSettings(
      readSettings({ DATABASE_URL: `postgres://u:${secret}@db.test/d`, DOCKMASTER_SECRET_KEY: secret }),
      SAFE,
    );
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
  });
});

describe('a setting that can’t be read', () => {
  it.each([
    ['DOCKMASTER_TRUST_PROXY', 'proxy.test'],
    ['DOCKMASTER_TRUST_PROXY', '10.0.0.0/33'],
    ['DOCKMASTER_TRUST_PROXY', '10.0.0.0/'],
    ['DOCKMASTER_ALLOWED_HOSTS', 'dock.test:8080'],
    ['DOCKMASTER_ALLOWED_HOSTS', 'https://dock.test'],
    ['DOCKMASTER_ALLOWED_HOSTS', '*.dock.test'],
    ['DOCKMASTER_ALLOWED_ORIGINS', 'https://ui.test/'],
    ['DOCKMASTER_ALLOWED_ORIGINS', '*'],
    ['DOCKMASTER_AUDIT_RETENTION_DAYS', '-1'],
    ['DOCKMASTER_AUDIT_RETENTION_DAYS', 'for ever'],
  ])('stops the start: %s=%s', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(name);
  });
});
