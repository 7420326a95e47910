import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import { OutgoingError } from './outgoing-error.js';

/** What the other side answered. Its body has to be read or given up: until then it holds a connection. */
export class OutgoingAnswer {
  readonly status: number;
  /** By lower-case name. Several of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Fails with an OutgoingError where it is longer than was asked for, or stops coming. */
  readonly body: Readable;

  /**
   * @param url where the answer came from, after redirects
   * @param explain turns what may go wrong while reading into an OutgoingError
   * @param ended called once when the body is read, broken or given up
   */
  constructor(
    { statusCode, headers, body }: Dispatcher.ResponseData,
    readonly url: URL,
    maxBytes: number,
    explain: (error: unknown) => unknown,
    ended: () => void,
  ) {
    this.status = statusCode;
    this.headers = flatten(headers);
    body.on('error', () => undefined); // whoever reads hears of it; a body that nobody reads may break unheard
    this.body = Readable.from(bounded(body, url, maxBytes, explain), { objectMode: false });
    this.body.once('close', () => {
      body.destroy();
      ended();
    });
  }

  /** The whole body. @throws OutgoingError */
  bytes(): Promise<Buffer> {
    return buffer(this.body);
  }

  /** The whole body, as UTF-8. @throws OutgoingError */
  async text(): Promise<string> {
    return (await this.bytes()).toString('utf8');
  }

  /** Gives the body up. */
  discard(): void {
    this.body.on('error', () => undefined); // given up means: however it ends
    this.body.destroy();
  }
}

async function* bounded(
  source: Readable,
  url: URL,
  maxBytes: number,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(url, maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw explain(error);
  }
}

function tooLarge({ host }: URL, maxBytes: number): OutgoingError {
  return new OutgoingError('tooLarge', `${host} answered with more than ${maxBytes} bytes`);
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
