import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivateEngine } from './private-engine.js';

const CONFIGURATION = (directory: string, port: number, tells: string | undefined): string => `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: ${directory} }
  delete: { enabled: true }
http: { addr: "127.0.0.1:${String(port)}" }
${tells === undefined ? '' : NOTIFICATIONS(tells)}`;
const NOTIFICATIONS = (url: string): string =>
  `notifications: { endpoints: [{ name: test, url: "${url}", timeout: 5s, threshold: 3, backoff: 1s }] }\n`;
const READY_MS = 20_000;
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * A real image registry (Debian's docker-registry) on the loopback interface of a private engine's network: the engine, and
 * only it, reaches it. Engines take loopback registries without TLS.
 */
export class Registry {
  /** As it stands in image references, `127.0.0.1:5000`. */
  readonly address: string;

  private constructor(
    private readonly engine: PrivateEngine,
    private readonly server: ChildProcess,
    private readonly directory: string,
    port: number,
  ) {
    this.address = `127.0.0.1:${String(port)}`;
  }

  /** @param options.tells the URL, as it is reached from within, that is told what happens */
  static async start(
    engine: PrivateEngine,
    { port = 5000, tells }: { port?: number; tells?: string } = {},
  ): Promise<Registry> {
    const directory = mkdtempSync(join(engine.directory, 'registry-'));
    const configuration = join(directory, 'config.yml');
    writeFileSync(configuration, CONFIGURATION(directory, port, tells));
    const server = engine.spawn('docker-registry', ['serve', configuration], { stdio: 'ignore' });
    const registry = new Registry(engine, server, directory, port);
    const end = Date.now() + READY_MS;
    while (!(await registry.answers())) {
      if (server.exitCode !== null || Date.now() > end) throw new Error(`no registry on ${registry.address}`);
    }
    return registry;
  }

  /** Pushes an image that the engine has. @returns its reference in this registry, `127.0.0.1:5000/<repository>` */
  async publish(image: string, repository: string): Promise<string> {
    const [name = repository, tag = 'latest'] = repository.split(':');
    const full = `${this.address}/${name}`;
    await this.engine.call('POST', `/images/${encodeURIComponent(image)}/tag?repo=${full}&tag=${tag}`);
    const { text } = await this.engine.call('POST', `/images/${full}/push?tag=${tag}`, {
      headers: { 'X-Registry-Auth': Buffer.from('{}').toString('base64') },
    });
    await this.engine.call('DELETE', `/images/${full}:${tag}`);
    if (text.includes('"errorDetail"')) throw new Error(`cannot push ${full}:${tag}: ${text}`);
    return `${full}:${tag}`;
  }

  /** Gives what has the tag `from` the tag `to` as well, without any engine. */
  async retag(repository: string, from: string, to: string): Promise<void> {
    const manifests = `http://${this.address}/v2/${repository}/manifests`;
    const fetched = ['curl', '-sf', '-H', `Accept: ${MANIFEST}`, `${manifests}/${from}`];
    const stored = ['curl', '-sf', '-T', '-', '-H', `Content-Type: ${MANIFEST}`, `${manifests}/${to}`];
    const pipe = [fetched, stored].map((words) => words.map((word) => `'${word}'`).join(' ')).join(' | ');
    const [code] = (await once(this.engine.spawn('sh', ['-c', pipe]), 'exit')) as [number | null];
    if (code !== 0) throw new Error(`cannot tag ${repository}:${from} as ${to}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.server, 'exit');
    this.server.kill();
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    const probe = this.engine.spawn('busybox', [
      'wget',
      '-q',
      '-O',
      '/dev/null',
      `http://${this.address}/v2/`,
    ]);
    const [code] = (await once(probe, 'exit')) as [number | null];
    return code === 0;
  }
}
