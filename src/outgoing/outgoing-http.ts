import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Agent, type Dispatcher } from 'undici';
import { Settings } from '../config/settings.js';
import { AddressRules } from './address-rules.js';
import { checkedConnector, destinationOf, refused } from './checked-connector.js';
import { HostResolver } from './host-resolver.js';
import { OutgoingAnswer } from './outgoing-answer.js';
import { OutgoingError } from './outgoing-error.js';
import { explainFailure } from './outgoing-failures.js';
import { checkedHeaders, checkedUrl, harmless, type OutgoingRequest } from './outgoing-request.js';

const CONNECT_MS = 10_000;
const HEADERS_MS = 15_000;
const TOTAL_MS = 30_000;
const MAX_BYTES = 1024 * 1024;
const CONNECTIONS_PER_ORIGIN = 8;
const MAX_ORIGINS = 256;
const IDLE_MS = 10_000;
/** One for each set of further authorities. */
const MAX_AGENTS = 32;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The one client for requests to addresses that users name: registries, webhooks. It reaches public addresses, and what
 * `DOCKMASTER_OUTGOING_ALLOW` names; each connection of each request and of each redirect is held to that.
 */
@Injectable()
export class OutgoingHttp implements OnModuleDestroy {
  private readonly rules: AddressRules;
  private readonly agents = new Map<string, Agent>();

  constructor(
    { outgoingAllow }: Settings,
    private readonly resolver: HostResolver,
  ) {
    this.rules = new AddressRules(outgoingAllow);
  }

  /**
   * Any status is an answer, also a redirect that is not to be followed. To another origin a redirect carries no
   * credentials, and no other header that the caller gave, save `Accept` and `User-Agent`.
   *
   * @throws OutgoingError; DomainError `cancelled` when `signal` was aborted
   */
  async request(request: OutgoingRequest): Promise<OutgoingAnswer> {
    const { signal, redirects = 0, timeouts = {}, maxBytes = MAX_BYTES } = request;
    const method = request.method ?? 'GET';
    let url = checkedUrl(request.url);
    let headers = checkedHeaders(request.headers);
    const time = new Limit(timeouts.totalMs ?? TOTAL_MS, signal);
    const follows = method === 'GET' || method === 'HEAD' ? redirects : 0;
    try {
      for (let hop = 0; ; hop++) {
        const explain = (error: unknown) => explainFailure(error, url.host, time);
        const answer = await this.send(url, { ...request, method, headers }, time).catch((error: unknown) => {
          throw explain(error);
        });
        const next = follows > 0 ? redirectOf(answer, url) : undefined;
        if (!next) {
          return new OutgoingAnswer(answer, url, maxBytes, explain, () => {
            time.end();
          });
        }
        await answer.body.dump();
        if (hop >= follows) throw new OutgoingError('redirect', `${url.host} redirects too often`);
        if (next.origin !== url.origin) headers = harmless(headers);
        url = next;
      }
    } catch (error) {
      time.end();
      throw explainFailure(error, url.host, time);
    }
  }

  /**
   * Checks an address that is to be called later, as far as it tells by itself: what its name stands for is looked at with each
   * connection. Without TLS only hosts can be called that `DOCKMASTER_OUTGOING_ALLOW` names.
   *
   * @throws OutgoingError `invalid`; `refused` for an address that is not public and not allowed
   */
  checkAddress(text: string): URL {
    const url = checkedUrl(text);
    const destination = destinationOf(url);
    const { host } = destination;
    if (isIP(host) && !this.rules.allows(host, destination)) throw refused(host);
    if (url.protocol === 'https:' || this.rules.names(destination)) return url;
    throw new OutgoingError(
      'invalid',
      'The address must begin with https://, save for hosts that DOCKMASTER_OUTGOING_ALLOW names',
    );
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
    this.agents.clear();
  }

  private send(
    url: URL,
    request: OutgoingRequest & { method: Dispatcher.HttpMethod; headers: Record<string, string> },
    time: Limit,
  ): Promise<Dispatcher.ResponseData> {
    const { method, headers, body, timeouts = {} } = request;
    return this.agentFor(request.ca).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) }),
      signal: time.signal,
      headersTimeout: timeouts.headersMs ?? HEADERS_MS,
      bodyTimeout: timeouts.totalMs ?? TOTAL_MS,
    });
  }

  private agentFor(ca: string | undefined): Agent {
    const key = ca === undefined ? '' : createHash('sha256').update(ca).digest('hex');
    const agent = this.agents.get(key) ?? this.newAgent(ca);
    this.agents.delete(key); // and last again: a Map's order is the order of use
    this.agents.set(key, agent);
    for (const [oldest, unused] of this.agents) {
      if (this.agents.size <= MAX_AGENTS) break;
      this.agents.delete(oldest);
      void unused.close(); // answers that are being read go on
    }
    return agent;
  }

  private newAgent(ca: string | undefined): Agent {
    const { rules, resolver } = this;
    return new Agent({
      connect: checkedConnector({ rules, resolver, connectMs: CONNECT_MS, ca }),
      connections: CONNECTIONS_PER_ORIGIN,
      maxOrigins: MAX_ORIGINS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
    });
  }
}

/** @throws OutgoingError `redirect` to where it can't be followed */
function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(statusCode) || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, from.href)) {
    throw new OutgoingError('redirect', `${from.host} redirects to what is no address`);
  }
  const next = new URL(location, from);
  next.hash = '';
  if (from.protocol === 'https:' && next.protocol !== 'https:') {
    throw new OutgoingError('redirect', `${from.host} redirects to an address without TLS`);
  }
  return checkedUrl(next);
}

/** Ends a request when its time is up, or when its caller gives it up, and knows which it was. */
class Limit {
  readonly signal: AbortSignal;
  private readonly late = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(
    totalMs: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    this.signal = caller ? AbortSignal.any([caller, this.late.signal]) : this.late.signal;
    this.timer = setTimeout(() => {
      this.late.abort();
    }, totalMs);
  }

  get byTime(): boolean {
    return this.late.signal.aborted;
  }

  get byCaller(): boolean {
    return this.caller?.aborted === true && !this.byTime;
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
