import { describe, expect, it } from '@jest/globals';
import { readSettings, settingNames } from './settings.js';

describe('a variable that is called like a setting', () => {
  it.each([
    ['DOCKMASTER_LISTN', 'DOCKMASTER_LISTEN'],
    ['DOCKMASTER_LISTEN_FILE', 'DOCKMASTER_LISTEN'],
    ['DOCKMASTER_DATADIR', 'DOCKMASTER_DATA_DIR'],
    ['DOCKMASTER_TRUSTED_PROXY', 'DOCKMASTER_TRUST_PROXY'],
    ['DOCKMASTER_ALOWED_HOST', 'DOCKMASTER_ALLOWED_HOSTS'],
    ['DOCKMASTER_OIDC_CLIENTID', 'DOCKMASTER_OIDC_CLIENT_ID'],
    ['DOCKMASTER_ADMIN_PASSWORD_FIEL', 'DOCKMASTER_ADMIN_PASSWORD_FILE'],
  ])('%s, is told of, with %s, which is meant', (name, meant) => {
    expect(readSettings({ [name]: 'secret' }).unknownVariables).toEqual([
      `${name} is not a setting, and has no effect: did you mean ${meant}?`,
    ]);
  });

  it('and like none of them, is told of', () => {
    expect(readSettings({ DOCKMASTER_XYZ: '1' }).unknownVariables).toEqual([
      'DOCKMASTER_XYZ is not a setting, and has no effect: docs/settings.md lists them all.',
    ]);
  });

  it('and is one, or is unset, or another program’s, is not told of', () => {
    const all = Object.fromEntries([...settingNames()].map((name) => [name, '']));
    const others = { PATH: '/bin', DOCKER_HOSTT: 'unix:///x', DOCKMASTER_LISTN: '', DOCKMASTERX: 'x' };
    expect(readSettings({ ...all, ...others }).unknownVariables).toEqual([]);
    expect(readSettings({ DOCKMASTER_LISTEN: '127.0.0.1:1' }).unknownVariables).toEqual([]);
  });
});
