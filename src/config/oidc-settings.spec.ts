import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

const GIVEN = {
  DOCKMASTER_OIDC_ISSUER: 'https://id.example.com/realms/main',
  DOCKMASTER_OIDC_CLIENT_ID: 'dockmaster',
  DOCKMASTER_OIDC_REDIRECT_URIS: 'https://ui.example.com/callback, http://127.0.0.1:8765/callback',
};
const read = (more: Record<string, string> = {}) => readSettings({ ...GIVEN, ...more }).oidc;

describe('the settings of OpenID Connect', () => {
  it('are none where no issuer is named', () => {
    expect(readSettings({}).oidc).toBeUndefined();
  });

  it('have defaults', () => {
    expect(read()).toEqual({
      issuer: 'https://id.example.com/realms/main',
      clientId: 'dockmaster',
      clientSecret: undefined,
      scopes: 'openid profile email',
      usernameClaim: 'preferred_username',
      groupsClaim: 'groups',
      groupTeams: undefined,
      createUsers: true,
      sessionHours: 24,
      redirectUris: ['https://ui.example.com/callback', 'http://127.0.0.1:8765/callback'],
    });
  });

  it('map groups to teams, by name or one by one', () => {
    expect(read({ DOCKMASTER_OIDC_GROUP_TEAMS: 'same-name' })?.groupTeams).toBe('same-name');
    expect(
      read({ DOCKMASTER_OIDC_GROUP_TEAMS: '{"docker-web": "Web", "/ops": ["ops", "web"]}' })?.groupTeams,
    ).toEqual({ 'docker-web': ['web'], '/ops': ['ops', 'web'] });
    expect(read({ DOCKMASTER_OIDC_GROUP_TEAMS: '{"a": "b"}' })?.groupTeams).not.toHaveProperty('constructor');
  });

  it.each([
    [{ DOCKMASTER_OIDC_ISSUER: '' }, ['ISSUER', 'ISSUER']],
    [{ DOCKMASTER_OIDC_CLIENT_ID: '', DOCKMASTER_OIDC_REDIRECT_URIS: '' }, ['CLIENT_ID', 'REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_ISSUER: 'http://id.example.com' }, ['ISSUER']],
    [{ DOCKMASTER_OIDC_ISSUER: 'ldap://id.example.com' }, ['ISSUER']],
    [{ DOCKMASTER_OIDC_ISSUER: 'https://id.example.com/?x=1' }, ['ISSUER']],
    [{ DOCKMASTER_OIDC_ISSUER: 'https://a:b@id.example.com/' }, ['ISSUER']],
    [{ DOCKMASTER_OIDC_ISSUER: 'https://id.example.com/.well-known/openid-configuration' }, ['ISSUER']],
    [{ DOCKMASTER_OIDC_ISSUER: 'http://127.0.0.1.example.com' }, ['ISSUER']],
    [{ DOCKMASTER_OIDC_REDIRECT_URIS: 'http://ui.example.com/callback' }, ['REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_REDIRECT_URIS: 'https://ui.example.com/a/../callback' }, ['REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_REDIRECT_URIS: 'https://ui.example.com/callback?next=1' }, ['REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_REDIRECT_URIS: 'https://ui.example.com/callback#' }, ['REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_REDIRECT_URIS: 'javascript:alert(1)' }, ['REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_REDIRECT_URIS: ',' }, ['REDIRECT_URIS']],
    [{ DOCKMASTER_OIDC_SCOPES: 'profile' }, ['SCOPES']],
    [{ DOCKMASTER_OIDC_SESSION_HOURS: '0' }, ['SESSION_HOURS']],
    [{ DOCKMASTER_OIDC_SESSION_HOURS: '2161' }, ['SESSION_HOURS']],
    [{ DOCKMASTER_OIDC_CREATE_USERS: 'yes' }, ['CREATE_USERS']],
    [{ DOCKMASTER_OIDC_GROUP_TEAMS: '{"a": "not a team"}' }, ['GROUP_TEAMS']],
    [{ DOCKMASTER_OIDC_GROUP_TEAMS: '{"a": []}' }, ['GROUP_TEAMS']],
    [{ DOCKMASTER_OIDC_GROUP_TEAMS: '["a"]' }, ['GROUP_TEAMS']],
    [{ DOCKMASTER_OIDC_GROUP_TEAMS: 'same name' }, ['GROUP_TEAMS']],
  ])('are not %j, and all that is wrong is told at once', (more, fields) => {
    expect(() => read({ ...more, DOCKMASTER_LOG_LEVEL: 'loud' })).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: [...fields.map((field) => `DOCKMASTER_OIDC_${field}`), 'DOCKMASTER_LOG_LEVEL'].map((field) =>
          expect.objectContaining({ field }),
        ),
      }),
    );
  });
});
