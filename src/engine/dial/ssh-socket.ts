import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import { DialError } from '../engine-errors.js';

const MAX_STDERR_LENGTH = 2048;
const STDERR_LINES_SHOWN = 3;

/**
 * A connection through a running `ssh … docker system dial-stdio`: what is written goes to its standard input, what is read
 * comes from its standard output. It ends well when the command ends with success; otherwise it fails with what ssh said.
 */
export class SshSocket extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #stderr = '';
  #outputEnded = false;
  #exit: { code: number | null } | undefined;

  constructor(child: ChildProcessWithoutNullStreams, options: { allowHalfOpen: boolean }) {
    super(options);
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.on('end', () => {
      this.#outputEnded = true;
      this.#conclude();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR_LENGTH);
    });
    child.on('error', (error: NodeJS.ErrnoException) => this.destroy(startError(error)));
    child.on('exit', (code) => {
      this.#exit = { code };
      this.#conclude();
    });
    // A broken pipe only says that the command is gone; its exit, which follows, says why.
    child.stdin.on('error', () => undefined);
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, (error) => {
      if (!error) callback();
    });
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#child.stdin.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.kill();
    callback(error);
  }

  // What http.Agent expects of a socket; OpenSSH does its own probing (ServerAliveInterval), and a pipe has no Nagle delay.
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    this.#child.ref();
    return this;
  }

  unref(): this {
    this.#child.unref();
    return this;
  }

  #conclude(): void {
    if (this.#exit === undefined || !this.#outputEnded) return;
    if (this.#exit.code === 0) this.push(null);
    else this.destroy(new DialError(this.#lastWords()));
  }

  #lastWords(): string {
    const lines = this.#stderr
      .split('\n')
      .map((line) => line.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim())
      .filter((line) => line !== '');
    return lines.length > 0 ? lines.slice(-STDERR_LINES_SHOWN).join(' ') : 'the ssh connection ended';
  }
}

function startError(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  return new DialError(
    'the OpenSSH client is not installed where Dockmaster runs; install "openssh-client" and try again',
  );
}
