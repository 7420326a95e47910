import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

/** The host by which the client's configuration knows the server. */
const HOST = 'engine-host';

/**
 * A real OpenSSH server on 127.0.0.1, with keys and a configuration of its own, whose docker client finds `dockerHost`;
 * and an OpenSSH client that knows this server and nothing else.
 */
export class SshServer {
  private constructor(
    private readonly server: ChildProcess,
    private readonly directory: string,
    private readonly port: number,
  ) {}

  static async start(dockerHost: string): Promise<SshServer> {
    const directory = mkdtempSync(join(tmpdir(), 'dockmaster-sshd-'));
    const file = (name: string) => join(directory, name);
    for (const key of ['host-key', 'user-key'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
    copyFileSync(file('user-key.pub'), file('authorized-keys'));
    const port = await freePort();
    const knownHost = `[127.0.0.1]:${String(port)} ${readFileSync(file('host-key.pub'), 'utf8')}`;
    writeFileSync(file('known-hosts'), knownHost);
    writeFileSync(file('server-config'), serverConfiguration(port, file, dockerHost));
    writeFileSync(file('client-config'), clientConfiguration(port, file));
    mkdirSync(file('bin'));
    writeFileSync(file('bin/ssh'), `#!/bin/sh\nexec ${sshClient()} -F ${file('client-config')} "$@"\n`);
    chmodSync(file('bin/ssh'), 0o755);
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }); // where sshd confines what is not signed in yet

    const server = spawn(sshServer(), ['-D', '-e', '-f', file('server-config')], { stdio: 'ignore' });
    await eventually(
      () => accepts(port),
      (accepted) => accepted,
    );
    return new SshServer(server, directory, port);
  }

  /** As a value for DOCKER_HOST. @param socketPath of the engine, as the server sees it; default: where its docker client looks */
  dockerHost(socketPath = ''): string {
    return `ssh://${HOST}${socketPath}`;
  }

  /** The address for a client that has no configuration, and needs `userKey` and `knownHosts`. */
  get plainAddress(): string {
    return `ssh://root@127.0.0.1:${String(this.port)}`;
  }

  /** The private key that may sign in. */
  get userKey(): string {
    return readFileSync(join(this.directory, 'user-key'), 'utf8');
  }

  /** The server's key as a line of a known_hosts file, for `plainAddress`. */
  get knownHosts(): string {
    const key = readFileSync(join(this.directory, 'host-key.pub'), 'utf8');
    return `[127.0.0.1]:${String(this.port)} ${key}`;
  }

  /** As a value for PATH: finds the client first. */
  get path(): string {
    return `${join(this.directory, 'bin')}${delimiter}${process.env.PATH ?? ''}`;
  }

  /** The client forgets the server's key, as if it had never seen it. */
  forget(): void {
    writeFileSync(join(this.directory, 'known-hosts'), '');
  }

  /** Ends the connections that stand; the server goes on. */
  async dropConnections(): Promise<void> {
    const { pid } = this.server;
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
    const sessions = children === '' ? [] : children.split(' ').map(Number);
    for (const session of sessions) process.kill(session, 'SIGKILL');
    await eventually(
      () => sessions.filter((session) => existsSync(`/proc/${String(session)}`)),
      (left) => left.length === 0,
    );
  }

  async stop(): Promise<void> {
    const ended = once(this.server, 'exit');
    this.server.kill();
    await ended;
    rmSync(this.directory, { recursive: true });
  }
}

function serverConfiguration(port: number, file: (name: string) => string, dockerHost: string): string {
  return `ListenAddress 127.0.0.1
Port ${String(port)}
HostKey ${file('host-key')}
PidFile none
AuthorizedKeysFile ${file('authorized-keys')}
StrictModes no
AuthenticationMethods publickey
PermitRootLogin prohibit-password
UsePAM no
SetEnv DOCKER_HOST=${dockerHost}
`;
}

function clientConfiguration(port: number, file: (name: string) => string): string {
  return `Host ${HOST}
  HostName 127.0.0.1
  Port ${String(port)}
  User root
  IdentityFile ${file('user-key')}
  IdentitiesOnly yes
  UserKnownHostsFile ${file('known-hosts')}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
`;
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

/** By its path, which sshd insists on. */
const sshServer = () => which('sshd');
const sshClient = () => which('ssh');

function which(command: string): string {
  const env = { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  return execFileSync('sh', ['-c', `command -v ${command}`], { env, encoding: 'utf8' }).trim();
}
