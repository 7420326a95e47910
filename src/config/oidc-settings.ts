/** Which teams here a group of the provider stands for; undefined for none. */
export type GroupTeams = 'same-name' | Readonly<Record<string, readonly string[]>> | undefined;

/** Signing in by OpenID Connect. */
export interface OidcSettings {
  /** `DOCKMASTER_OIDC_ISSUER`. */
  readonly issuer: string;
  /** `DOCKMASTER_OIDC_CLIENT_ID`. */
  readonly clientId: string;
  /** Undefined for a public client. `DOCKMASTER_OIDC_CLIENT_SECRET`. */
  readonly clientSecret: string | undefined;
  /** Separated by spaces. `DOCKMASTER_OIDC_SCOPES`. */
  readonly scopes: string;
  /** `DOCKMASTER_OIDC_USERNAME_CLAIM`. */
  readonly usernameClaim: string;
  /** `DOCKMASTER_OIDC_GROUPS_CLAIM`. */
  readonly groupsClaim: string;
  /** `DOCKMASTER_OIDC_GROUP_TEAMS`. */
  readonly groupTeams: GroupTeams;
  /** Whether whom the provider knows, and we do not, becomes a user. `DOCKMASTER_OIDC_CREATE_USERS`. */
  readonly createUsers: boolean;
  /** How long a session lasts, until the provider is asked again. `DOCKMASTER_OIDC_SESSION_HOURS`. */
  readonly sessionHours: number;
  /** Where the provider may send people back to, exactly. `DOCKMASTER_OIDC_REDIRECT_URIS`. */
  readonly redirectUris: readonly string[];
}

/** What reads one setting, and keeps what is wrong with it. */
export interface SettingsSource {
  read<T>(name: string, byDefault: string, parse: (text: string) => T): T;
  optional<T>(name: string, parse: (text: string) => T, options?: { secret?: boolean }): T | undefined;
  problem(field: string, message: string): void;
}

const MAX_TEXT = 1_024;
/** 90 days, as long as any session. */
const MAX_HOURS = 2_160;
const TEAM_NAME = /^[a-z0-9._-]{1,64}$/i;

/** @returns undefined where `DOCKMASTER_OIDC_ISSUER` is unset: then nobody signs in by OpenID Connect */
export function readOidcSettings(source: SettingsSource): OidcSettings | undefined {
  const name = (suffix: string) => `DOCKMASTER_OIDC_${suffix}`;
  const given = {
    issuer: source.optional(name('ISSUER'), parseIssuer),
    clientId: source.optional(name('CLIENT_ID'), parseText),
    clientSecret: source.optional(name('CLIENT_SECRET'), parseText, { secret: true }),
    scopes: source.read(name('SCOPES'), 'openid profile email', parseScopes),
    usernameClaim: source.read(name('USERNAME_CLAIM'), 'preferred_username', parseText),
    groupsClaim: source.read(name('GROUPS_CLAIM'), 'groups', parseText),
    groupTeams: source.optional(name('GROUP_TEAMS'), parseGroupTeams),
    createUsers: source.read(name('CREATE_USERS'), 'true', parseBoolean),
    sessionHours: source.read(name('SESSION_HOURS'), '24', parseHours),
    redirectUris: source.optional(name('REDIRECT_URIS'), parseRedirectUris),
  };
  const { issuer, clientId, redirectUris } = given;
  const isSet = (suffix: string) => source.optional(name(suffix), () => true) === true;
  for (const suffix of ['CLIENT_ID', 'REDIRECT_URIS']) {
    if (isSet('ISSUER') && !isSet(suffix)) source.problem(name(suffix), `is needed with ${name('ISSUER')}`);
    if (!isSet('ISSUER') && isSet(suffix)) source.problem(name('ISSUER'), `is needed with ${name(suffix)}`);
  }
  if (issuer === undefined || clientId === undefined || redirectUris === undefined) return undefined;
  return { ...given, issuer, clientId, redirectUris };
}

/** Whether a host is this machine, so that plain HTTP to it is not seen by anybody. RFC 8252, section 8.3. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parseIssuer(text: string): string {
  const url = parseHttpUrl(text, 'must be the https:// address of the issuer (http:// on loopback only)');
  if (url.pathname.includes('/.well-known/')) throw new Error('must be the issuer, without /.well-known/…');
  return text;
}

function parseRedirectUris(text: string): string[] {
  const uris = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (uris.length === 0) throw new Error('must name at least one address');
  for (const uri of uris) {
    const rule = `must be https:// addresses (http:// on loopback only), by commas: ${uri}`;
    if (parseHttpUrl(uri, rule).href !== uri) throw new Error(`must be written as ${new URL(uri).href}`);
  }
  return uris;
}

function parseHttpUrl(text: string, rule: string): URL {
  if (!URL.canParse(text) || text.length > MAX_TEXT) throw new Error(rule);
  const url = new URL(text);
  const plain = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !plain) throw new Error(rule);
  if (url.username !== '' || url.password !== '' || text.includes('?') || text.includes('#')) {
    throw new Error('must hold no password, query or fragment');
  }
  return url;
}

function parseScopes(text: string): string {
  const scopes = text.split(/\s+/).filter((scope) => scope !== '');
  if (!scopes.includes('openid')) throw new Error('must hold the scope openid');
  return scopes.join(' ');
}

function parseGroupTeams(text: string): GroupTeams {
  if (text === 'same-name') return 'same-name';
  const rule =
    'must be same-name, or a JSON object of groups and the names of their teams: {"docker-web": "web", "ops": ["ops", "web"]}';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(rule, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(rule);
  const teams = Object.entries(value as Record<string, unknown>).map(([group, names]) => {
    const list: unknown[] = Array.isArray(names) ? names : [names];
    const valid = list.filter((name): name is string => typeof name === 'string' && TEAM_NAME.test(name));
    if (list.length === 0 || valid.length < list.length) throw new Error(rule);
    return [group, valid.map((name) => name.toLowerCase())] as const;
  });
  // A null prototype: a group may be called `constructor`.
  return Object.assign(Object.create(null) as Record<string, string[]>, Object.fromEntries(teams));
}

function parseBoolean(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error('must be true or false');
  return text === 'true';
}

function parseHours(text: string): number {
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (hours < 1 || hours > MAX_HOURS) throw new Error(`must be a whole number from 1 to ${MAX_HOURS}`);
  return hours;
}

function parseText(text: string): string {
  if (text.length > MAX_TEXT) throw new Error(`must be at most ${MAX_TEXT} characters long`);
  return text;
}
