import { describe, expect, it } from '@jest/globals';
import { fromStoredName, type KnownBy, namesOf, subjectOf, toStoredName } from './certificate-names.js';

const HEX = 'ab'.repeat(32);
const FINGERPRINT = Array<string>(32).fill('AB').join(':');
const certificate = (more: { subject?: string; subjectAltName?: string } = {}) => ({
  fingerprint256: FINGERPRINT,
  subject: undefined,
  subjectAltName: undefined,
  ...more,
});

describe('what a certificate is known by', () => {
  it('is its fingerprint first, then its alternative names, then its subject', () => {
    const subjectAltName = 'DNS:CI.example.com, email:ci@example.com, URI:spiffe://example.com/ci';
    expect(namesOf(certificate({ subject: 'O=Example\nCN=ci', subjectAltName }))).toEqual([
      `fingerprint=${FINGERPRINT}`,
      'subjectAltName=DNS:ci.example.com',
      'subjectAltName=email:ci@example.com',
      'subjectAltName=URI:spiffe://example.com/ci',
      'subject=CN=ci,O=Example',
    ]);
    expect(subjectOf({ subject: 'C=DE\nO=Ex\\, Ample\nCN=ci' })).toBe('CN=ci,O=Ex\\, Ample,C=DE');
  });

  it.each([
    ['addresses', 'IP Address:10.0.0.1'],
    ['other names', 'othername:UPN:ci@example.com'],
    ['names that Node quotes, since they could be taken for several', 'DNS:"ci.example.com, DNS:admin"'],
    ['directory names', 'DirName:CN=admin'],
    ['names with spaces', 'DNS:a b'],
    ['nothing', ''],
  ])('is none of its alternative names where these are %s', (_what, subjectAltName) => {
    expect(namesOf(certificate({ subjectAltName }))).toEqual([`fingerprint=${FINGERPRINT}`]);
  });

  it('is what stands beside a quoted name, but nothing from within it', () => {
    const subjectAltName = 'URI:"spiffe://x, DNS:admin", DNS:ci.example.com';
    expect(namesOf(certificate({ subjectAltName })).slice(1)).toEqual(['subjectAltName=DNS:ci.example.com']);
  });

  it('is none of its alternative names where they cannot be read whole', () => {
    expect(namesOf(certificate({ subjectAltName: 'DNS:admin, nonsense"' })).slice(1)).toEqual([]);
  });
});

describe('what is to be stored', () => {
  it.each<[KnownBy, string, string]>([
    ['fingerprint', HEX, `fingerprint=${FINGERPRINT}`],
    ['fingerprint', FINGERPRINT.toLowerCase(), `fingerprint=${FINGERPRINT}`],
    ['subjectAltName', 'DNS:CI.Example.com', 'subjectAltName=DNS:ci.example.com'],
    ['subjectAltName', 'URI:spiffe://Example.com/CI', 'subjectAltName=URI:spiffe://Example.com/CI'],
    ['subject', 'CN=ci,O=Example', 'subject=CN=ci,O=Example'],
    ['subject', 'subject=CN=ci,O=Example', 'subject=CN=ci,O=Example'],
    ['fingerprint', `sha256 Fingerprint=${FINGERPRINT}`, `fingerprint=${FINGERPRINT}`],
    ['fingerprint', `SHA256 Fingerprint=${FINGERPRINT}`, `fingerprint=${FINGERPRINT}`],
  ])('of %s %s is %s', (knownBy, value, stored) => {
    expect(toStoredName(knownBy, value)).toBe(stored);
    expect(toStoredName(fromStoredName(stored).knownBy, fromStoredName(stored).value)).toBe(stored);
  });

  it.each<[KnownBy, string]>([
    ['fingerprint', HEX.slice(2)],
    ['fingerprint', `${HEX}ab`],
    ['fingerprint', 'zz'.repeat(32)],
    ['subjectAltName', 'ci.example.com'],
    ['subjectAltName', 'IP Address:10.0.0.1'],
    ['subjectAltName', 'DNS:a, DNS:b'],
    ['subjectAltName', 'DNS:'],
    ['subject', 'ci'],
    ['subject', 'CN='],
  ])('of %s %s is nothing: no certificate could have it', (knownBy, value) => {
    expect(() => toStoredName(knownBy, value)).toThrow('value must be');
  });
});
