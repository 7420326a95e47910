import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import {
  CommitContainerInput,
  KillContainerInput,
  StartContainerInput,
  TopContainerInput,
} from './container.inputs.js';
import { CreateContainerInput } from './container-create.inputs.js';
import { NamespacesInput } from './container-isolation.inputs.js';
import { NetworkAttachmentInput } from './container-network.inputs.js';
import { ContainerPath, ExecPath } from './container-paths.js';
import { ContainerLogsArgs, LogsQuery } from './container-stream.inputs.js';
import { MountInput } from './mount.inputs.js';

async function isAllowed(type: new () => object, value: object): Promise<boolean> {
  return (await validate(plainToInstance(type, value))).length === 0;
}

const ID = '0123456789abcdef'.repeat(4);

describe.each([
  {
    what: 'a container in a path',
    of: (id: string) => isAllowed(ContainerPath, { engine: 'local', id }),
    allowed: ['web', ID, 'a', 'web_1.test-x', 'a'.repeat(255)],
    refused: [
      '',
      '..',
      '.',
      'a/b',
      'a%2fb',
      'a?b',
      'a b',
      '-a',
      '_a',
      'a\n',
      'é',
      'a'.repeat(256),
      'a'.repeat(10_000),
    ],
  },
  {
    what: 'an engine in a path',
    of: (engine: string) => isAllowed(ContainerPath, { engine, id: 'web' }),
    allowed: ['local', 'prod-1', '9', 'a'.repeat(63)],
    refused: ['', 'Local', 'a_b', '-a', 'a.b', '../local', 'a'.repeat(64)],
  },
  {
    what: 'an exec in a path',
    of: (id: string) => isAllowed(ExecPath, { engine: 'local', id }),
    allowed: [ID],
    refused: [ID.slice(1), `${ID}0`, ID.toUpperCase(), '../' + ID.slice(3)],
  },
  {
    what: 'the name of a new container',
    of: (name: string) => isAllowed(CreateContainerInput, { image: 'busybox', name }),
    allowed: ['web', 'w1', 'Web_1.2-3'],
    refused: ['w', '/web', 'we b', '-web', 'wéb'],
  },
  {
    what: 'an image',
    of: (image: string) => isAllowed(CreateContainerInput, { image }),
    allowed: [
      'busybox',
      'team/app:1.2',
      'registry.example.com:5000/a/b@sha256:' + ID,
      `sha256:${ID}`,
      '[::1]:5000/app',
    ],
    refused: ['', 'a b', '-app', '/app', 'app?x', 'app\n'],
  },
  {
    what: 'an environment variable',
    of: (variable: string) => isAllowed(CreateContainerInput, { image: 'busybox', env: [variable] }),
    allowed: ['A=1', 'A', 'A=', 'A=b=c', 'A=two\nlines', 'with.dots-and spaces=x'],
    refused: ['', '=1', 'A=\0'],
  },
  {
    what: 'a signal',
    of: (signal: string) => isAllowed(KillContainerInput, { signal }),
    allowed: ['SIGTERM', 'TERM', 'SIGRTMIN+3', 'RTMAX-1', '9', '64'],
    refused: ['', '0', '65', 'sigterm', 'SIGNOPE', '-9', '9; reboot'],
  },
  {
    what: 'keys to detach',
    of: (detachKeys: string) => isAllowed(StartContainerInput, { detachKeys }),
    allowed: ['ctrl-p,ctrl-q', 'a', 'ctrl-@,b', 'ctrl-[', 'ctrl-,'],
    refused: ['', 'ctrl', 'ctrl-1', 'a,,b', 'ab'],
  },
  {
    what: 'the arguments of ps',
    of: (psArgs: string) => isAllowed(TopContainerInput, { psArgs }),
    allowed: ['-ef', 'aux', '-o pid', '-eo pid,user,%cpu,args'],
    refused: [
      '',
      'auxe',
      'e',
      '-ef e',
      '-o pid,environ',
      '-o pid,comm --sort=pid',
      '-o pid=x',
      '-p 1',
      '-ef; id',
    ],
  },
  {
    what: 'a namespace of processes',
    of: (pid: string) => isAllowed(NamespacesInput, { pid }),
    allowed: ['host', 'container:web', `container:${ID}`],
    refused: ['', 'hosts', 'container:', 'container:a/b', 'private'],
  },
  {
    what: 'a network to join',
    of: (name: string) => isAllowed(NetworkAttachmentInput, { name }),
    allowed: ['frontend', 'bridge', 'container:web', ID],
    refused: ['', 'a/b', '__proto__', 'ns:/proc/1/ns/net'],
  },
  {
    what: 'an IPv4 address',
    of: (ipv4Address: string) => isAllowed(NetworkAttachmentInput, { name: 'frontend', ipv4Address }),
    allowed: ['192.0.2.10', '0.0.0.0', '255.255.255.255'],
    refused: ['', '256.0.0.1', '1.2.3', '1.2.3.4.', '::1'],
  },
  {
    what: 'an IPv6 address',
    of: (ipv6Address: string) => isAllowed(NetworkAttachmentInput, { name: 'frontend', ipv6Address }),
    allowed: ['2001:db8::10', '::1', 'fe80::1', '::ffff:192.0.2.1'],
    refused: ['', '192.0.2.1', 'g::1', 'abc'],
  },
  {
    what: 'a subpath of a volume',
    of: (subpath: string) => isAllowed(MountInput, { type: 'volume', target: '/data', volume: { subpath } }),
    allowed: ['a', 'a/b', '..a/b..', '.'],
    refused: ['', '/a', '..', '../a', 'a/..', 'a/../b'],
  },
  {
    what: 'a change to a committed image',
    of: (change: string) => isAllowed(CommitContainerInput, { changes: [change] }),
    allowed: ['CMD ["app"]', 'env A=1'],
    refused: ['', 'RUN reboot', 'FROM scratch', 'CMD x\nRUN y'],
  },
  {
    what: 'the last lines of a log, in a query',
    of: (tail: string) => isAllowed(LogsQuery, { tail }),
    allowed: ['all', '0', '100', '1000000'],
    refused: ['', 'some', '-1', '1000001', '1.5', '1e3'],
  },
  {
    what: 'a time in a log',
    of: (since: string) => isAllowed(ContainerLogsArgs, { engine: 'local', id: 'web', since }),
    allowed: ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456789+01:00', '1769860800.5', '1h30m'],
    refused: ['', 'yesterday', '2026-01-31', '-1', '1 h', '0x10'],
  },
])('$what', ({ of, allowed, refused }) => {
  it.each(allowed)('may be %j', async (text) => {
    expect(await of(text)).toBe(true);
  });

  it.each(refused)('may not be %j', async (text) => {
    expect(await of(text)).toBe(false);
  });
});

it('reads "all" the last lines of a log as if nothing was said', () => {
  expect(plainToInstance(LogsQuery, { tail: 'all' }).tail).toBeUndefined();
  expect(plainToInstance(LogsQuery, { tail: '20' }).tail).toBe(20);
});
