import { rawBytes } from './raw-http.js';
import type { TestActor } from './app.js';

export interface WireRequest {
  readonly method?: string;
  /** Sent as it is. */
  readonly target: string;
  /** Whole lines. `Host`, `Authorization` and `Connection: close` are added unless there are some. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
}

/** A request as the bytes that go over the wire, byte for byte as it says. */
export function wire(
  actor: TestActor | undefined,
  { method = 'GET', target, headers = [], body }: WireRequest,
): Buffer {
  const has = (name: string) => headers.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const content = body === undefined ? undefined : Buffer.from(body);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : ['Host: 127.0.0.1']),
    ...(actor && !has('authorization') ? [`Authorization: ${actor.authorization}`] : []),
    ...(has('connection') ? [] : ['Connection: close']),
    ...headers,
    ...(content === undefined || has('content-length') || has('transfer-encoding')
      ? []
      : [`Content-Length: ${String(content.length)}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content ?? Buffer.alloc(0)]);
}

export interface WireAnswer {
  /** Of each answer that came, in order. 100 is one, too. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Of the last answer, where it is one of the engine's errors. */
  readonly message: string | undefined;
}

/** Sends bytes and reads all that comes back until the server closes the connection. */
export async function overTheWire(url: string, bytes: Buffer): Promise<WireAnswer> {
  const text = await rawBytes(url, bytes);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  return { statuses, text, message: /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] };
}
