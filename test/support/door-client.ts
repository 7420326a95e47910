import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestActor } from './app.js';
import { dockerEnvironment } from './docker-cli.js';

export interface CliOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real `docker` client, at the Engine door as one actor. */
export class DoorClient {
  private constructor(
    readonly host: string,
    readonly configDirectory: string,
  ) {}

  static async of(url: string, actor: TestActor, engine = 'local'): Promise<DoorClient> {
    const directory = await mkdtemp(join(tmpdir(), 'door-client-'));
    const config = { HttpHeaders: { Authorization: actor.authorization } };
    await writeFile(join(directory, 'config.json'), JSON.stringify(config));
    return new DoorClient(`${url.replace(/^http/, 'tcp')}/docker/${engine}`, directory);
  }

  /** For programs that are to be a client too. */
  get environment(): NodeJS.ProcessEnv {
    return { ...dockerEnvironment(this.host, this.configDirectory), DOCKER_BUILDKIT: '0' };
  }

  /** Runs the client to its end, whatever its exit status. */
  run(
    args: readonly string[],
    { input, cwd }: { input?: string | Buffer; cwd?: string } = {},
  ): Promise<CliOutcome> {
    const child = this.spawn(args, cwd === undefined ? {} : { cwd });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined); // who refuses does not read
    child.stdin.end(input);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) =>
        resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
      );
    });
  }

  /** @returns what it wrote. @throws Error with what it complained of where it failed */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0)
      throw new Error(`docker ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  spawn(args: readonly string[], options: { cwd?: string } = {}) {
    return spawn('docker', args, { env: this.environment, stdio: 'pipe', ...options });
  }

  async remove(): Promise<void> {
    await rm(this.configDirectory, { recursive: true, force: true });
  }
}
