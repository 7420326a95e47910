import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseKnownHosts, sshKeyFingerprint } from './engine-ssh.js';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-ssh-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function makeKey(type: string, passphrase = ''): { key: string; publicKey: string; fingerprint: string } {
  const name = `${type}${passphrase}`;
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file(name)]);
  const shown = execFileSync('ssh-keygen', ['-l', '-f', file(`${name}.pub`)], { encoding: 'utf8' });
  return {
    key: readFileSync(file(name), 'utf8'),
    publicKey: readFileSync(file(`${name}.pub`), 'utf8'),
    fingerprint: shown.split(' ')[1] ?? '',
  };
}

describe('a private key for ssh', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('of type %s has the fingerprint that ssh-keygen shows', (type) => {
    const { key, fingerprint } = makeKey(type);
    expect(sshKeyFingerprint(key)).toBe(fingerprint);
  });

  it('with a passphrase is refused', () => {
    expect(() => sshKeyFingerprint(makeKey('ed25519', 'secret').key)).toThrow(/must have no passphrase/);
  });

  it.each([
    '',
    'no key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
  ])('must be one: %j', (text) => {
    expect(() => sshKeyFingerprint(text)).toThrow(/must be a private key in OpenSSH format/);
  });
});

describe('known hosts', () => {
  it('are told with their fingerprints; comments and markers are no hosts', () => {
    const { publicKey, fingerprint } = makeKey('ed25519', 'x');
    const text = `# ours\n\nengine.example,192.0.2.1 ${publicKey}@cert-authority *.example ${publicKey}`;
    expect(parseKnownHosts(text)).toEqual([
      { hosts: 'engine.example,192.0.2.1', type: 'ssh-ed25519', fingerprint },
      { hosts: '*.example', type: 'ssh-ed25519', fingerprint },
    ]);
  });

  it.each([
    ['', /at least one key/],
    ['# only a comment', /at least one key/],
    ['host ssh-ed25519', /in line 1/],
    ['host nonsense AAAA', /in line 1/],
  ])('must be lines of a known_hosts file: %j', (text, problem) => {
    expect(() => parseKnownHosts(text)).toThrow(problem);
  });
});
