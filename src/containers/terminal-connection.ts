import type { Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { DomainError } from '../common/errors.js';
import { closeWebSocket } from '../http/upgrade-router.js';
import type { TerminalOutput } from '../gate/engine-handle.js';

/** First byte of every binary message to the client: where the bytes that follow come from. */
const STREAM_BYTE = { console: 0, stdin: 0, stdout: 1, stderr: 2 } as const satisfies Record<
  TerminalOutput['stream'],
  number
>;
const MAX_SIDE = 1_000;

/** What a client sends as text. Binary messages are standard input. */
export type TerminalCommand =
  | { type: 'authorize'; authorization: string }
  | { type: 'resize'; width: number; height: number }
  | { type: 'end' };

/** One WebSocket that carries a terminal. Input waits in the socket until it is asked for, so nothing piles up here. */
export class TerminalConnection {
  private readonly left = new AbortController();

  constructor(private readonly socket: WebSocket) {
    socket.once('close', () => this.left.abort());
    socket.pause();
  }

  /** Aborted when the client went away. */
  get closed(): AbortSignal {
    return this.left.signal;
  }

  /** @throws DomainError `unauthenticated` unless the first message is `{"type":"authorize","authorization":"Bearer …"}` */
  async authorization(withinMs: number): Promise<string> {
    const first = await new Promise<RawData>((resolve, reject) => {
      const refuse = () =>
        reject(new DomainError('unauthenticated', 'Sign in first: send an `authorize` message'));
      const timer = setTimeout(refuse, withinMs);
      this.socket.once('message', (data) => {
        clearTimeout(timer);
        this.socket.pause();
        resolve(data);
      });
      this.socket.once('close', () => {
        clearTimeout(timer);
        refuse();
      });
      this.socket.resume();
    });
    const command = parseCommand(toBuffer(first));
    if (command.type !== 'authorize')
      throw new DomainError('unauthenticated', 'The first message must be `authorize`');
    return command.authorization;
  }

  /** Passes what the client types on to `input`, no faster than that takes it, and its commands to `onCommand`. */
  receive(
    input: Writable,
    onCommand: (command: TerminalCommand) => void,
    onBadMessage: (error: unknown) => void,
  ): void {
    const resume = () => this.socket.resume();
    // An input that was ended does not drain, it finishes.
    for (const event of ['drain', 'finish', 'close']) input.on(event, resume);
    this.socket.on('message', (data, isBinary) => {
      try {
        if (!isBinary) {
          onCommand(parseCommand(toBuffer(data)));
        } else if (input.writable && !input.write(toBuffer(data))) {
          this.socket.pause();
        }
      } catch (error) {
        onBadMessage(error);
      }
    });
    resume();
  }

  /** Resolves when the bytes have left: a slow client slows the process, it does not fill our memory. */
  async sendOutput({ stream, data }: TerminalOutput): Promise<void> {
    await this.send(Buffer.concat([Buffer.of(STREAM_BYTE[stream]), data]));
  }

  async sendEvent(event: { type: 'ready' } | { type: 'exit'; exitCode: number | null }): Promise<void> {
    await this.send(JSON.stringify(event));
  }

  close(): void {
    closeWebSocket(this.socket, 1000);
  }

  private async send(message: string | Buffer): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return;
    await new Promise<void>((resolve) => this.socket.send(message, () => resolve()));
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** @throws DomainError `invalid_input` for a message that is not one of ours */
export function parseCommand(data: Buffer): TerminalCommand {
  let message: unknown;
  try {
    message = JSON.parse(data.toString('utf8'));
  } catch (error) {
    throw new DomainError('invalid_input', 'A text message must be JSON', { cause: error });
  }
  const { type, authorization, width, height } = (message ?? {}) as Record<string, unknown>;
  if (type === 'end') return { type };
  if (type === 'authorize' && typeof authorization === 'string') return { type, authorization };
  if (type === 'resize' && isSide(width) && isSide(height)) return { type, width, height };
  throw new DomainError(
    'invalid_input',
    `A text message must be {"type":"resize","width":1..${MAX_SIDE},"height":1..${MAX_SIDE}} or {"type":"end"}`,
  );
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SIDE;
}
