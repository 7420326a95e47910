import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseEngineAddress } from '../engine-address.js';
import { HttpEngineConnection } from '../http-engine-connection.js';
import { ScriptedEngine, sendJson, until } from '../scripted-engine.fixture.js';

let folder: string;
let engine: ScriptedEngine;
let connection: HttpEngineConnection | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-ssh-'));
  engine = await ScriptedEngine.start();
  await engine.stop();
  engine.onUpgrade = (_, socket) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    let input = '';
    socket.on('data', (chunk: Buffer) => (input += chunk.toString()));
    socket.on('end', () => socket.end(`got ${input}`));
  };
  await engine.listen();
  engine.answer = (_, response) => sendJson(response, 200, { over: 'ssh' });
});

afterEach(async () => {
  await connection?.close();
  await engine.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Installs what is called instead of OpenSSH: it notes its arguments, then runs `body`. */
async function installSsh(body: string): Promise<string> {
  const path = join(folder, 'ssh');
  const note = `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(process.argv.slice(2)) + '\\n');`;
  await writeFile(path, `#!${process.execPath}\n${note}\n${body}\n`, { mode: 0o755 });
  return path;
}

/** Does as `docker system dial-stdio` on the far side would: a pipe to the engine, in which each side ends on its own. */
function bridge(): Promise<string> {
  return installSsh(`
    if (process.argv.includes('-O')) process.exit(0);
    const socket = require('node:net').connect({ path: ${JSON.stringify(engine.socketPath)}, allowHalfOpen: true });
    process.stdin.pipe(socket);
    socket.pipe(process.stdout);
    socket.on('end', () => process.stdout.write('', () => process.exit(0)));
  `);
}

function connect(sshCommand: string, address = 'ssh://me@far.example:2222'): HttpEngineConnection {
  connection = new HttpEngineConnection('far', parseEngineAddress(address), { sshCommand });
  return connection;
}

async function calls(): Promise<string[][]> {
  const lines = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as string[]);
}

/** The values of ssh's `-o` settings in its arguments. */
function settings(args: string[]): Record<string, string> {
  const pairs = args.flatMap((argument, at) =>
    args[at - 1] === '-o' ? [argument.split('=') as [string, string]] : [],
  );
  return Object.fromEntries(pairs);
}

describe('an engine by ssh', () => {
  it('is called through one process for many calls', async () => {
    const far = connect(await bridge());
    for (let call = 0; call < 10; call++) {
      expect(await far.json('SystemInfo')).toMatchObject({ status: 200, body: { over: 'ssh' } });
    }

    expect(engine.seen).toHaveLength(10);
    expect(await calls()).toHaveLength(1);
  });

  it('is asked for with the user, the port and settings that never ask and share one sign-in', async () => {
    await connect(await bridge()).json('SystemInfo');

    const [args = []] = await calls();
    expect(args.slice(args.indexOf('-l'))).toEqual([
      ...['-l', 'me', '-p', '2222', '-T', '--', 'far.example'],
      ...['docker', 'system', 'dial-stdio'],
    ]);
    expect(settings(args)).toMatchObject({ BatchMode: 'yes', ControlMaster: 'auto', ControlPersist: '60' });
  });

  it('can name its socket on the far side', async () => {
    await connect(await bridge(), 'ssh://far.example/run/user/1000/docker.sock').json('SystemInfo');

    const [args = []] = await calls();
    expect(args.slice(args.indexOf('--'))).toEqual([
      ...[
        '--',
        'far.example',
        'docker',
        '--host',
        'unix:///run/user/1000/docker.sock',
        'system',
        'dial-stdio',
      ],
    ]);
    expect(args).not.toContain('-l');
    expect(args).not.toContain('-p');
  });

  it('streams, and gives connections up in which each side ends on its own', async () => {
    const far = connect(await bridge());

    expect(await text((await far.stream('SystemEvents')).body)).toBe('{"over":"ssh"}');
    const { socket } = await far.hijack('ContainerAttach', { params: { id: 'c' } });
    socket.end('x'.repeat(1_000_000));
    expect(await text(socket)).toHaveLength('got '.length + 1_000_000);
  });

  it('is unavailable with what ssh says last', async () => {
    const ssh = await installSsh(`
      process.stderr.write('a banner\\n'.repeat(1000) + 'debug\\nHost key \\u001b[31munknown.\\r\\nme@far.example: Permission denied (publickey).\\r\\n');
      process.exitCode = 255;
    `);

    await expect(connect(ssh).json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      retryAfter: 5,
      message:
        'Engine "far" cannot be reached: debug Host key [31munknown. me@far.example: Permission denied (publickey).',
    });
  });

  it('is unavailable when ssh is not installed, and the message says what to do', async () => {
    await expect(connect(join(folder, 'no-such-ssh')).json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: expect.stringContaining('install "openssh-client"') as unknown,
    });
  });

  it('fails a stream when the connection breaks under it', async () => {
    engine.answer = (_, response) => response.writeHead(200).write('{"half":');
    const { body } = await connect(await bridge()).stream('SystemEvents');
    const reading = text(body);
    await engine.stop();

    await expect(reading).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });

  it('leaves no process and no folder when it is closed', async () => {
    const far = connect(await bridge());
    await far.json('SystemInfo');
    const { body } = await far.stream('SystemEvents');
    body.destroy();
    const [first = []] = await calls();
    const controlFolder = dirname(settings(first)['ControlPath'] ?? '');
    expect((await stat(controlFolder)).mode & 0o777).toBe(0o700);

    await far.close();

    expect(existsSync(controlFolder)).toBe(false);
    expect((await calls()).at(-1)).toEqual(expect.arrayContaining(['-O', 'exit', '--', 'far.example']));
    await until(() => engine.openConnections === 0);
  });
});
