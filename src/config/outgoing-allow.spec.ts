import { describe, expect, it } from '@jest/globals';
import { parseOutgoingAllow } from './outgoing-allow.js';

describe('an entry of DOCKMASTER_OUTGOING_ALLOW', () => {
  it.each([
    ['10.0.0.0/8', { kind: 'range', address: '10.0.0.0', prefix: 8, port: undefined }],
    ['10.1.2.3', { kind: 'range', address: '10.1.2.3', prefix: 32, port: undefined }],
    ['127.0.0.1:5000', { kind: 'range', address: '127.0.0.1', prefix: 32, port: 5000 }],
    ['fd00::/8', { kind: 'range', address: 'fd00::', prefix: 8, port: undefined }],
    ['fd00::1', { kind: 'range', address: 'fd00::1', prefix: 128, port: undefined }],
    ['[fd00::1]:443', { kind: 'range', address: 'fd00::1', prefix: 128, port: 443 }],
    ['Registry.Internal', { kind: 'name', name: 'registry.internal', port: undefined }],
    ['localhost:5000', { kind: 'name', name: 'localhost', port: 5000 }],
    ['*.internal', { kind: 'name', name: '*.internal', port: undefined }],
  ])('%s is understood', (text, entry) => {
    expect(parseOutgoingAllow(text)).toEqual(entry);
  });

  it.each([
    '',
    '*',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    'fe80::1%eth0',
    '10.0.0',
    '2130706433',
    '0x7f000001',
    'host:0',
    'host:65536',
    'https://host',
    'a b',
    '-host',
    'host/path',
    '[10.0.0.1]',
    'a.*.b',
  ])('%j is refused', (text) => {
    expect(() => parseOutgoingAllow(text)).toThrow('must be a list of ranges');
  });
});
