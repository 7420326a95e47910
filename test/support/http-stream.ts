import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { TestActor } from './app.js';

export type StreamType = 'text/event-stream' | 'application/x-ndjson' | 'text/plain';

export interface ServerSentEvent {
  readonly event: string;
  readonly data: unknown;
}

/** A streamed answer, read as it comes: by whoever wants to see what came so far, to stop reading, or to vanish. */
export class HttpStream {
  /** All that was read so far. */
  text = '';
  /** Resolves when the answer is over; to false where it was cut. */
  readonly ended: Promise<boolean>;
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly response: IncomingMessage) {
    this.ended = new Promise((resolve) => {
      response.once('close', () => {
        resolve(response.complete);
        this.look();
      });
    });
    response.once('error', () => undefined); // a cut answer; `ended` tells
    response.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
      this.look();
    });
  }

  /** Resolves when the answer has begun, whatever its status. */
  static async open(
    url: string,
    { actor, accept }: { actor?: TestActor | undefined; accept?: StreamType } = {},
  ): Promise<HttpStream> {
    const headers = {
      ...(actor ? { authorization: actor.authorization } : {}),
      ...(accept ? { accept } : {}),
    };
    const sent = request(url, { headers, agent: false }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return new HttpStream(response);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The complete events so far, without comments. */
  get events(): ServerSentEvent[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((block) => {
        const field = (name: string) =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        const event = field('event');
        return event === undefined ? [] : [{ event, data: JSON.parse(field('data') ?? 'null') as unknown }];
      });
  }

  /** The complete lines so far, each a JSON document. */
  get documents(): unknown[] {
    return this.lines.map((line) => JSON.parse(line) as unknown);
  }

  /** The complete lines so far. */
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /** Stops reading: what is sent now stays with the sender. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  /** Vanishes without a word, as a client does that crashes. */
  vanish(): void {
    this.response.socket.resetAndDestroy();
  }

  /** Resolves once `enough` is true of what came so far. @throws Error when the answer ends before */
  until(enough: (stream: this) => boolean): Promise<this> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (enough(this)) resolve(this);
        else if (this.response.closed) reject(new Error(`the answer ended: ${this.text.slice(-500)}`));
        else return;
        this.waiting.delete(check);
      };
      this.waiting.add(check);
      check();
    });
  }

  private look(): void {
    for (const check of this.waiting) check();
  }
}
