import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { SshAddress } from '../engine-address.js';
import type { EngineSsh } from '../engine-ssh.js';
import type { Dialer } from './dialer.js';
import { SshSocket } from './ssh-socket.js';

/** How long the shared connection outlives its last user, also when this program is killed. */
const PERSIST_SECONDS = 60;
const PROBE_SECONDS = 15;
const PROBES_LOST = 3;
const EXIT_TIMEOUT_MS = 5_000;

/**
 * Connects as the docker command line does: the system's OpenSSH client runs `docker system dial-stdio` on the far side. Host keys,
 * configuration and agent are OpenSSH's own unless `ssh` brings others, and an unknown host is refused, never asked about. All
 * connections share one that is authenticated (OpenSSH's ControlMaster), so that only the first pays for signing in.
 */
export class SshDialer implements Dialer {
  readonly #address: SshAddress;
  readonly #connectTimeoutMs: number;
  readonly #command: string;
  readonly #ssh: EngineSsh;
  readonly #sockets = new Set<SshSocket>();
  #controlFolder: string | undefined;

  /**
   * @param command the OpenSSH client: a name searched in PATH, or a path
   * @param ssh what to sign in with and whom to trust
   */
  constructor(address: SshAddress, connectTimeoutMs: number, command = 'ssh', ssh: EngineSsh = {}) {
    this.#address = address;
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#command = command;
    this.#ssh = ssh;
  }

  connect(options: { allowHalfOpen: boolean }): Duplex {
    const child = spawn(
      this.#command,
      [...this.#options(), '-T', '--', this.#address.host, ...this.#remoteCommand()],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const socket = new SshSocket(child, options);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#controlFolder === undefined) return;
    await this.#endSharedConnection();
    await rm(this.#controlFolder, { recursive: true, force: true });
    this.#controlFolder = undefined;
  }

  /** The shared connection runs in the background, in a process that OpenSSH started itself; only its client can end it. */
  async #endSharedConnection(): Promise<void> {
    const child = spawn(this.#command, [...this.#options(), '-O', 'exit', '--', this.#address.host], {
      stdio: 'ignore',
      signal: AbortSignal.timeout(EXIT_TIMEOUT_MS),
    });
    await new Promise<void>((resolve) => {
      // Either way there is nothing left to end: it has ended before, or never stood.
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
  }

  #options(): string[] {
    const { user, port } = this.#address;
    const settings = [
      'BatchMode=yes',
      `ConnectTimeout=${Math.ceil(this.#connectTimeoutMs / 1000)}`,
      `ServerAliveInterval=${PROBE_SECONDS}`,
      `ServerAliveCountMax=${PROBES_LOST}`,
      'ControlMaster=auto',
      `ControlPath=${this.#controlPath()}`,
      `ControlPersist=${PERSIST_SECONDS}`,
      ...(this.#ssh.key === undefined
        ? []
        : [`IdentityFile="${this.#file('key')}"`, 'IdentitiesOnly=yes', 'IdentityAgent=none']),
      ...(this.#ssh.knownHosts === undefined
        ? []
        : [
            `UserKnownHostsFile="${this.#file('known-hosts')}"`,
            'GlobalKnownHostsFile=/dev/null',
            'StrictHostKeyChecking=yes',
          ]),
    ];
    return [
      ...settings.flatMap((setting) => ['-o', setting]),
      ...(user === undefined ? [] : ['-l', user]),
      ...(port === undefined ? [] : ['-p', String(port)]),
    ];
  }

  #controlPath(): string {
    return this.#file('control');
  }

  /** Of a folder with mode 0700: whoever may use the socket in it is signed in, and whoever reads the key can. */
  #file(name: 'control' | 'key' | 'known-hosts'): string {
    if (this.#controlFolder === undefined) {
      const folder = mkdtempSync(join(tmpdir(), 'dockmaster-ssh-'));
      this.#controlFolder = folder;
      const { key, knownHosts } = this.#ssh;
      // OpenSSH wants a line end after the key.
      if (key !== undefined) writeFileSync(join(folder, 'key'), `${key.trim()}\n`, { mode: 0o600 });
      if (knownHosts !== undefined)
        writeFileSync(join(folder, 'known-hosts'), `${knownHosts}\n`, { mode: 0o600 });
    }
    return join(this.#controlFolder, name);
  }

  /** The far side's shell reads this: the path holds only characters that mean nothing to it (see `parseEngineAddress`). */
  #remoteCommand(): string[] {
    const { socketPath } = this.#address;
    const host = socketPath === undefined ? [] : ['--host', `unix://${socketPath}`];
    return ['docker', ...host, 'system', 'dial-stdio'];
  }
}
