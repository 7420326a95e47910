import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError, messageOf } from '../common/errors.js';
import { SecretBox } from '../common/secret-box.js';
import { Settings } from '../config/settings.js';
import type { StoredEvent } from '../events/domain-event.js';
import { OutgoingHttp } from '../outgoing/outgoing-http.js';
import { askedDelay } from './back-off.js';
import { CLOUD_EVENT_TYPE, toCloudEvent } from './cloud-event.js';
import { signatureHeaders } from './signature.js';
import { type StoredWebhook, validSecrets } from './stored-webhook.js';
import { Template } from './template.js';

/** Of an answer only what says how it went is kept: it may be that of a host which its reader could not reach itself. */
const KEPT_HEADERS: readonly string[] = [
  'content-length',
  'content-type',
  'date',
  'location',
  'retry-after',
  'server',
  'x-request-id',
];
const MAX_HEADER = 256;
/** More of an answer is not waited for. */
const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_ERROR = 300;

/** What was sent, as the log shows it. */
export interface SentRequest {
  /** Without what may be a key: scheme, host and port. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an attempt ended. `gone`: the receiver wants no more (410). */
export interface AttemptOutcome {
  readonly verdict: 'delivered' | 'failed' | 'gone';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly durationMs: number;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly error: string | null;
  readonly request: SentRequest;
  readonly responseHeaders: Readonly<Record<string, string>> | null;
  /** How long the receiver asks us to wait. */
  readonly askedMs: number;
}

/** Sends deliveries: signs them, and tells how it went. */
@Injectable()
export class DeliverySender {
  constructor(
    private readonly http: OutgoingHttp,
    private readonly box: SecretBox,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * One attempt. Redirects are not followed: a receiver that has moved is told by its webhook.
   *
   * @param id of the delivery
   * @throws DomainError `cancelled` where `signal` was aborted; `unavailable` where the webhook's secrets do not open
   */
  async send(
    webhook: StoredWebhook,
    id: string,
    event: StoredEvent,
    signal: AbortSignal,
  ): Promise<AttemptOutcome> {
    const at = this.clock.now();
    const body = bodyOf(webhook, event);
    const signed = { id, timestamp: Math.floor(at / 1_000), body };
    const headers = {
      'content-type': webhook.template === null ? CLOUD_EVENT_TYPE : 'application/json; charset=utf-8',
      ...signatureHeaders(validSecrets(webhook, this.box, at), signed),
    };
    const began = performance.now();
    const ended = (status: number | null, error: string | null, answered?: Record<string, string>) => ({
      at,
      durationMs: Math.round(performance.now() - began),
      status,
      error: error === null ? null : error.slice(0, MAX_ERROR),
      request: { origin: new URL(webhook.address).origin, headers, body },
      responseHeaders: answered ? kept(answered) : null,
      askedMs: askedDelay(answered?.['retry-after'], this.clock.now()),
    });
    try {
      const url = this.http.checkAddress(webhook.address);
      const totalMs = this.settings.webhookTimeoutMs;
      const timeouts = { headersMs: totalMs, totalMs };
      const request = { url, method: 'POST', headers, body, signal, timeouts } as const;
      const answer = await this.http.request({ ...request, maxBytes: MAX_ANSWER_BYTES });
      const { status } = answer;
      const isDone = status >= 200 && status < 300;
      const outcome = ended(status, isDone ? null : `The receiver answered ${status}`, answer.headers);
      // Read for the connection's sake, which can be used again then; the answer is what its head says.
      await answer.bytes().catch(() => answer.discard());
      return { verdict: isDone ? 'delivered' : status === 410 ? 'gone' : 'failed', ...outcome };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'cancelled') throw error;
      return { verdict: 'failed', ...ended(null, messageOf(error)) };
    }
  }
}

function bodyOf({ template }: StoredWebhook, event: StoredEvent): string {
  return template === null ? JSON.stringify(toCloudEvent(event)) : Template.parse(template).render(event);
}

function kept(headers: Readonly<Record<string, string>>): Record<string, string> {
  const known = KEPT_HEADERS.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, shown(name, value).slice(0, MAX_HEADER)] as const];
  });
  return Object.fromEntries(known);
}

/** Where a redirect leads to may hold a key as an address does. */
function shown(name: string, value: string): string {
  return name === 'location' && URL.canParse(value) ? new URL(value).origin : value;
}
