import { OutgoingError } from './outgoing-error.js';

const MAX_URL_LENGTH = 8192;
/** Ours to set: they decide where one request ends and the next begins, or whom it is for. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** All that another origin gets to see after a redirect. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'user-agent']);

export interface OutgoingRequest {
  /** `http:` or `https:`, without a user or password in it. */
  readonly url: string | URL;
  /** Default: `GET`. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Aborted when nobody wants the answer any more. */
  readonly signal?: AbortSignal;
  readonly timeouts?: {
    /** Until the answer begins. Default: 15 s. */
    readonly headersMs?: number;
    /** Until the answer is read, with redirects. Default: 30 s. */
    readonly totalMs?: number;
  };
  /** Largest body of an answer. Default: 1 MiB. */
  readonly maxBytes?: number;
  /** How many redirects are followed, of GET and HEAD only. Default: 0, and the redirect is the answer. */
  readonly redirects?: number;
  /** Authorities, as PEM, that are trusted for this request besides the system's own. */
  readonly ca?: string | undefined;
}

/** @throws OutgoingError `invalid` for what is no address of a web server, or has credentials in it */
export function checkedUrl(text: string | URL): URL {
  const url = URL.canParse(String(text)) ? new URL(text) : undefined;
  if (!url || url.href.length > MAX_URL_LENGTH) throw invalid('The address is not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid('The address must begin with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('The address must hold no user name and no password');
  }
  return url;
}

/**
 * In lower case, with ours.
 * @throws OutgoingError `invalid` for headers that are not the caller's to set
 */
export function checkedHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const checked: Record<string, string> = {
    'user-agent': 'dockmaster',
    // What is packed could unpack to any size.
    'accept-encoding': 'identity',
  };
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (RESERVED_HEADERS.has(name)) throw invalid(`The header ${name} can not be set`);
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalid('A header has a name or a value that can not be sent');
    }
    checked[name] = value;
  }
  return checked;
}

/** What is sent on to another origin: nothing that is meant for the first one. */
export function harmless(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name)));
}

function invalid(message: string): OutgoingError {
  return new OutgoingError('invalid', message);
}
