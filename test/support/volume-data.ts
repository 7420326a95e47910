import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import Dockerode from 'dockerode';
import type { TestActor, TestApp } from './app.js';
import { sharedEngine } from './shared-peers.js';

/** What is written into a volume that is to be copied exactly: all that a file system has to offer. */
const MANY_KINDS = [
  'mkdir -p /v/a/b "/v/ünï cödé" /v/empty',
  'echo hello > /v/a/b/file',
  'dd if=/dev/urandom of=/v/large bs=1M count=8 2>/dev/null',
  'dd if=/dev/zero of=/v/sparse bs=1 count=1 seek=5000000 2>/dev/null',
  'ln /v/a/b/file /v/hard',
  'ln -s a/b/file /v/link',
  'ln -s /etc/passwd /v/outward',
  'mkfifo /v/fifo',
  'touch "/v/ünï cödé/日本語"',
  `touch "/v/${'long'.repeat(40)}"`,
  'chown 123:456 /v/a',
  'chown 70000:3000000 /v/large',
  'chmod 4755 /v/a/b/file',
  'chmod 1777 /v/empty',
  'chown 77:88 /v',
  'chmod 700 /v',
].join(' && ');

/** All that makes two folders the same, in lines: kind, mode, owner, links, size, sum, target. */
const FINGERPRINT =
  'cd /v && find . -print | sort | while read -r f; do stat -c "%F %a %u:%g %h %n" "$f"; if [ -L "$f" ]; then readlink "$f"; elif [ -f "$f" ]; then stat -c "%s %Y" "$f"; sha256sum < "$f"; fi; done';

/** An answer that was read to its end, or to where it broke off. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly body: Buffer;
  readonly sha256: string;
  readonly complete: boolean;
}

/** Volumes of one test file on the shared engine: filled and looked at on the engine itself. */
export class TestVolumes {
  readonly engine = new Dockerode({ socketPath: sharedEngine().socketPath });
  readonly path = '/api/v1/engines/local/volumes';
  private readonly made: string[] = [];

  constructor(private readonly app: TestApp) {}

  /** A name that no other test uses, whose volume is removed at the end. */
  name(): string {
    const name = `v-${randomUUID().slice(0, 8)}`;
    this.made.push(name);
    return name;
  }

  /** A volume made on the engine itself. */
  async make(
    labels: Record<string, string> = {},
    options: Dockerode.VolumeCreateOptions = {},
  ): Promise<string> {
    const name = this.name();
    await this.engine.createVolume({ Name: name, Labels: labels, ...options });
    return name;
  }

  /** A volume with files of every kind. */
  async filled(labels: Record<string, string> = {}): Promise<string> {
    const name = await this.make(labels);
    await this.run(name, MANY_KINDS);
    return name;
  }

  fingerprint(name: string): Promise<string> {
    return this.run(name, FINGERPRINT);
  }

  /** Runs a command with the volume at `/v`. @returns what it wrote */
  async run(volume: string, command: string): Promise<string> {
    const container = await this.engine.createContainer({
      Image: 'busybox',
      Cmd: ['sh', '-c', command],
      Tty: true,
      NetworkDisabled: true,
      HostConfig: { Binds: [`${volume}:/v`] },
    });
    try {
      await container.start();
      const { StatusCode } = (await container.wait()) as { StatusCode: number };
      const output = (await container.logs({ stdout: true, stderr: true })).toString();
      if (StatusCode !== 0) throw new Error(`${command}: ${output}`);
      return output;
    } finally {
      await container.remove({ force: true });
    }
  }

  async names(): Promise<string[]> {
    const { Volumes } = (await this.engine.listVolumes()) as { Volumes: { Name: string }[] | null };
    return (Volumes ?? []).map(({ Name }) => Name);
  }

  /** Helpers on the engine that have the volume. */
  async helpers(volume: string): Promise<Dockerode.ContainerInfo[]> {
    return this.engine.listContainers({
      all: true,
      filters: { volume: [volume], label: ['io.dockmaster.role=volume-helper'] },
    });
  }

  async staged(volume: string): Promise<number> {
    const { Volumes } = (await this.engine.listVolumes({
      filters: JSON.stringify({ label: [`io.dockmaster.staging-for=${volume}`] }),
    } as unknown as Dockerode.VolumeListOptions)) as { Volumes: unknown[] | null };
    return (Volumes ?? []).length;
  }

  async removeAll(): Promise<void> {
    for (const name of this.made) {
      const users = await this.engine.listContainers({ all: true, filters: { volume: [name] } });
      for (const { Id } of users) await gone(this.engine.getContainer(Id).remove({ force: true }));
      await gone(this.engine.getVolume(name).remove());
    }
  }

  /** A call whose bodies are streamed; `keep` holds the answer, which is summed up in any case. */
  async call(
    actor: TestActor,
    method: 'GET' | 'PUT',
    path: string,
    { body, type = 'application/x-tar', keep = true, headers = {}, signal }: CallOptions = {},
  ): Promise<RawAnswer> {
    const sent = request(`${this.app.url}${path}`, {
      method,
      agent: false,
      ...(signal ? { signal } : {}),
      headers: {
        authorization: actor.authorization,
        ...(body ? { 'content-type': type } : {}),
        ...(Buffer.isBuffer(body) ? { 'content-length': String(body.length) } : {}),
        ...headers,
      },
    });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    answered.catch(() => undefined);
    if (body instanceof Readable) body.pipe(sent);
    else sent.end(body);
    const [response] = await answered;
    const hash = createHash('sha256');
    const parts: Buffer[] = [];
    try {
      for await (const part of response as AsyncIterable<Buffer>) {
        hash.update(part);
        if (keep) parts.push(part);
      }
    } catch {
      // cut: `complete` tells
    }
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      trailers: response.trailers,
      body: Buffer.concat(parts),
      sha256: hash.digest('hex'),
      complete: response.complete,
    };
  }
}

interface CallOptions {
  readonly body?: Buffer | Readable;
  readonly type?: string;
  readonly keep?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborted, the client vanishes. */
  readonly signal?: AbortSignal;
}

/** So many bytes that do not compress, in pieces. */
export function* noise(bytes: number): Generator<Buffer> {
  const piece = randomBytes(1024 * 1024);
  for (let sent = 0; sent < bytes; sent += piece.length) {
    piece.writeUInt32BE(sent % 2 ** 32, 0);
    yield Buffer.from(piece.subarray(0, Math.min(piece.length, bytes - sent)));
  }
}

/** What is gone already is as good as removed. */
async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
