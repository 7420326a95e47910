import type { OutgoingAnswer } from '../../outgoing/outgoing-answer.js';
import type { OutgoingHttp } from '../../outgoing/outgoing-http.js';
import type { OutgoingRequest } from '../../outgoing/outgoing-request.js';
import { apiOf, type RegistryEndpoint } from '../registry-endpoint.js';
import type { RegistryCredentials } from '../registry-store.service.js';
import { type Challenge, parseChallenges } from './challenges.js';
import { notARegistry, registryError } from './registry-errors.js';

export const AUTHENTICATION_KINDS = ['none', 'basic', 'bearer'] as const;
export type AuthenticationKind = (typeof AUTHENTICATION_KINDS)[number];

/** A registry as it is asked. */
export interface RegistryToAsk extends RegistryEndpoint {
  /** What the caller knows it by. */
  readonly name: string;
  readonly credentials: RegistryCredentials | undefined;
}

/** A request to a registry's API. */
export interface RegistryRequest extends Pick<
  OutgoingRequest,
  'method' | 'headers' | 'maxBytes' | 'redirects'
> {
  /** Below `/v2/`. */
  readonly path: string;
  readonly query?: string;
  /** What it is about, as token servers name it: `repository:team/app:pull`. */
  readonly scope?: string;
}

const MAX_TOKEN_ANSWER = 64 * 1024;
const MAX_TOKEN = 12 * 1024;

/**
 * Asks a registry in the name of what is stored for it, for the time of one request to us. Signs in as the registry
 * demands: with a token of a token server, or with user and password.
 */
export class RegistrySession {
  private readonly api: URL;
  /** By scope. */
  private readonly authorizations = new Map<string, string>();
  /** How it had to sign in last. */
  authentication: AuthenticationKind = 'none';

  constructor(
    private readonly http: OutgoingHttp,
    readonly registry: RegistryToAsk,
    private readonly signal: AbortSignal,
  ) {
    this.api = apiOf(registry);
  }

  /**
   * @returns an answer of 2xx, whose body has to be read or given up
   * @throws DomainError for any other, and OutgoingError for none
   */
  async request(request: RegistryRequest): Promise<OutgoingAnswer> {
    const answer = await this.attempt(request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await registryError(this.registry.name, answer);
  }

  /** Any answer, also one of failure; signed in where the registry asks for that. */
  async attempt(request: RegistryRequest): Promise<OutgoingAnswer> {
    const { scope = '' } = request;
    const answer = await this.send(request, this.authorizations.get(scope));
    // Only the registry itself may ask for its credentials, not a place that it redirects to.
    if (answer.status !== 401 || answer.url.origin !== this.api.origin) return answer;
    const authorization = await this.authorize(answer, scope).catch((error: unknown) => {
      answer.discard();
      throw error;
    });
    if (authorization === undefined) return answer;
    answer.discard();
    this.authorizations.set(scope, authorization);
    return this.send(request, authorization);
  }

  private send(
    { path, query = '', method = 'GET', headers, maxBytes, redirects = 0 }: RegistryRequest,
    authorization: string | undefined,
  ): Promise<OutgoingAnswer> {
    const url = new URL(path, this.api);
    url.search = query;
    return this.http.request({
      url,
      method,
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      signal: this.signal,
      redirects,
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ca: this.registry.ca ?? undefined,
    });
  }

  /** What to send as `Authorization`; undefined where there is nothing that would help. */
  private async authorize({ headers }: OutgoingAnswer, scope: string): Promise<string | undefined> {
    const challenges = parseChallenges(headers['www-authenticate'] ?? '');
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer) {
      this.authentication = 'bearer';
      return `Bearer ${await this.token(bearer, scope)}`;
    }
    const { credentials } = this.registry;
    if (!credentials || !challenges.some(({ scheme }) => scheme === 'basic')) return undefined;
    this.authentication = 'basic';
    return basic(credentials);
  }

  private async token({ parameters }: Challenge, scope: string): Promise<string> {
    const { credentials, name, ca } = this.registry;
    const url = this.tokenServer(parameters['realm'] ?? '');
    const { service } = parameters;
    if (service !== undefined) url.searchParams.set('service', service);
    for (const each of (parameters['scope'] ?? scope).split(' ')) {
      if (each !== '') url.searchParams.append('scope', each);
    }
    const answer = await this.http.request({
      url,
      headers: { accept: 'application/json', ...(credentials ? { authorization: basic(credentials) } : {}) },
      signal: this.signal,
      maxBytes: MAX_TOKEN_ANSWER,
      ca: ca ?? undefined,
    });
    if (answer.status !== 200) throw await registryError(name, answer);
    return tokenOf(name, await answer.text());
  }

  /**
   * Where credentials are sent because the registry says so: by TLS, or, for a registry without TLS, to its own host.
   * Which addresses may be called at all is decided by the outgoing client.
   */
  private tokenServer(realm: string): URL {
    const { name, insecure } = this.registry;
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (url?.protocol === 'https:') return url;
    if (url?.protocol === 'http:' && insecure && url.hostname === this.api.hostname) return url;
    throw notARegistry(name, 'that passwords go to a token server without TLS, or to none at all');
  }
}

function basic({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tokenOf(registry: string, text: string): string {
  const document = parseJson(registry, text) as { token?: unknown; access_token?: unknown } | null;
  const token = document?.token ?? document?.access_token;
  if (typeof token === 'string' && token.length <= MAX_TOKEN && /^[\x21-\x7e]+$/.test(token)) return token;
  throw notARegistry(registry, 'by its token server with no token');
}

/** @throws DomainError `unavailable` for what is no JSON */
export function parseJson(registry: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notARegistry(registry, 'what is no JSON', error);
  }
}
