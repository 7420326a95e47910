import { describe, expect, it } from '@jest/globals';
import { parseEngineAddress } from './engine-address.js';

describe("an engine's address", () => {
  it.each([
    ['unix:///var/run/docker.sock', { transport: 'unix', path: '/var/run/docker.sock' }],
    ['unix:///with a space/docker.sock', { transport: 'unix', path: '/with a space/docker.sock' }],
    ['tcp://10.0.0.1:2375', { transport: 'tcp', host: '10.0.0.1', port: 2375, tls: false }],
    ['tcp://docker-host.example/', { transport: 'tcp', host: 'docker-host.example', port: 2375, tls: false }],
    ['tcp://host:80', { transport: 'tcp', host: 'host', port: 80, tls: false }],
    ['http://host:80', { transport: 'tcp', host: 'host', port: 80, tls: false }],
    ['tcp://[::1]:1234', { transport: 'tcp', host: '::1', port: 1234, tls: false }],
    ['https://host', { transport: 'tcp', host: 'host', port: 2376, tls: true }],
    [
      'ssh://host',
      { transport: 'ssh', user: undefined, host: 'host', port: undefined, socketPath: undefined },
    ],
    ['ssh://me@host:2222', { transport: 'ssh', user: 'me', host: 'host', port: 2222, socketPath: undefined }],
    [
      'ssh://me@[fe80::1]:22/run/user/1000/docker.sock',
      { transport: 'ssh', user: 'me', host: 'fe80::1', port: 22, socketPath: '/run/user/1000/docker.sock' },
    ],
  ])('is read from %s', (text, address) => {
    expect(parseEngineAddress(text)).toEqual(address);
  });

  it('means TLS by tcp:// where TLS is asked for', () => {
    expect(parseEngineAddress('tcp://host', { tls: true })).toEqual({
      transport: 'tcp',
      host: 'host',
      port: 2376,
      tls: true,
    });
  });

  it.each([
    '',
    'host:2375',
    '/var/run/docker.sock',
    'npipe:////./pipe/docker_engine',
    'fd://',
    'unix://',
    'unix://relative.sock',
    'unix:///a\0b',
    'tcp://',
    'tcp://host:0',
    'tcp://host:65536',
    'tcp://host:port',
    'tcp://user@host:1',
    'tcp://host:1/path',
    'tcp://host:1?x=1',
    'tcp://host:1#x',
    'tcp://ho st:1',
    'tcp://ho\nst:1',
    'tcp://h%6fst:1',
    'tcp://-host:1',
    'tcp://host_$(id):1',
    'ssh://-oProxyCommand=id',
    'ssh://-oProxyCommand=id@host',
    'ssh://me:secret@host',
    'ssh://me;id@host',
    'ssh://host/path;id',
    'ssh://host/path with space',
    'ssh://host/$(id)',
    'ssh://host/a//b',
    'ssh://host`id`',
    'ssh://host?x',
  ])('is refused: %j', (text) => {
    expect(() => parseEngineAddress(text)).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
  });

  it('is refused when http:// is to be TLS', () => {
    expect(() => parseEngineAddress('http://host', { tls: true })).toThrow(/https/);
  });

  it('is not repeated in a refusal, where it may hold a password', () => {
    let refusal = '';
    try {
      parseEngineAddress('tcp://me:hunter2@host');
    } catch (error) {
      refusal = String(error);
    }

    expect(refusal).toMatch(/password/);
    expect(refusal).not.toContain('hunter2');
  });
});
