import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';

export const REGISTRY_USER = { username: 'alice', password: 'a registry password' } as const;
/** bcrypt of that password. */
const HTPASSWD = 'alice:$2b$04$0j8Esc0NfRXbqZi7zliE9.LxIpaNmOAXZJ7M8DWQ.pkn4jTqWEio2\n';
const READY_MS = 20_000;
const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

export interface LocalRegistryOptions {
  /** Default: whoever asks. */
  readonly auth?: 'basic' | { realm: string; service: string; issuer: string; rootcertbundle: string };
  readonly deletes?: boolean;
  readonly port?: number;
  /** Default: a process of this machine. That of an engine runs it in the engine's network. */
  readonly spawn?: (command: string, args: string[], options?: SpawnOptions) => ChildProcess;
}

/** A real image registry (Debian's docker-registry) on 127.0.0.1. */
export class LocalRegistry {
  private constructor(
    readonly port: number,
    private readonly server: ChildProcess,
    private readonly directory: string,
  ) {}

  static async start(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
    const { auth, deletes = true, spawn: run = spawn } = options;
    const port = options.port ?? (await freePort());
    const directory = mkdtempSync(join(tmpdir(), 'dockmaster-registry-'));
    const htpasswd = join(directory, 'htpasswd');
    writeFileSync(htpasswd, HTPASSWD);
    const configuration = join(directory, 'config.json'); // which is YAML too
    writeFileSync(
      configuration,
      JSON.stringify({
        version: '0.1',
        log: { level: 'error' },
        storage: { filesystem: { rootdirectory: directory }, delete: { enabled: deletes } },
        http: { addr: `127.0.0.1:${port}` },
        ...(auth === undefined
          ? {}
          : { auth: auth === 'basic' ? { htpasswd: { realm: 'test', path: htpasswd } } : { token: auth } }),
      }),
    );
    const server = run('docker-registry', ['serve', configuration], { stdio: 'ignore' });
    const end = Date.now() + READY_MS;
    // Its root answers whoever asks.
    const probe = ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}/`];
    for (;;) {
      const [code] = (await once(run('busybox', probe, { stdio: 'ignore' }), 'exit')) as [number | null];
      if (code === 0) return new LocalRegistry(port, server, directory);
      if (server.exitCode !== null || Date.now() > end) throw new Error(`no registry on port ${port}`);
    }
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const ended = once(this.server, 'exit');
    this.server.kill();
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Uploads an image of one layer. @returns its digest */
  async publish(repository: string, tags: readonly string[], layer = 'a layer'): Promise<string> {
    const config = await this.upload(
      repository,
      JSON.stringify({ architecture: 'arm64', os: 'linux', variant: 'v8', created: '2026-01-02T03:04:05Z' }),
    );
    const blob = await this.upload(repository, layer);
    return this.put(repository, tags, IMAGE_MANIFEST, {
      schemaVersion: 2,
      mediaType: IMAGE_MANIFEST,
      config: { mediaType: CONFIG, ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...blob }],
      annotations: { 'org.example.made-by': 'a test' },
    });
  }

  /** Uploads a manifest under each tag. @returns its digest */
  async put(
    repository: string,
    tags: readonly string[],
    mediaType: string,
    manifest: object,
  ): Promise<string> {
    const body = JSON.stringify(manifest);
    for (const tag of tags) {
      await this.ask('PUT', `/v2/${repository}/manifests/${tag}`, body, { 'content-type': mediaType });
    }
    return digestOf(body);
  }

  private async upload(repository: string, content: string): Promise<{ digest: string; size: number }> {
    const digest = digestOf(content);
    const begun = await this.ask('POST', `/v2/${repository}/blobs/uploads/`);
    const url = new URL(begun.headers.get('location') ?? '', `http://${this.address}`);
    url.searchParams.set('digest', digest);
    await this.ask('PUT', `${url.pathname}${url.search}`, content, {
      'content-type': 'application/octet-stream',
    });
    return { digest, size: Buffer.byteLength(content) };
  }

  private async ask(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const { username, password } = REGISTRY_USER;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`http://${this.address}${path}`, {
      method,
      headers: { ...headers, authorization },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
