import { describe, expect, it } from '@jest/globals';
import {
  canonicalReference,
  canonicalRegistry,
  familiarName,
  familiarReference,
  parseImageReference,
  repositoryOf,
} from './image-reference.js';

const SHA256 = `sha256:${'a1'.repeat(32)}`;

describe('a reference to an image', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine'],
    ['alpine:3.20', 'docker.io/library/alpine:3.20'],
    [`alpine@${SHA256}`, `docker.io/library/alpine@${SHA256}`],
    [`alpine:3.20@${SHA256}`, `docker.io/library/alpine:3.20@${SHA256}`],
    ['team/app', 'docker.io/team/app'],
    ['docker.io/alpine', 'docker.io/library/alpine'],
    ['index.docker.io/alpine', 'docker.io/library/alpine'],
    ['index.docker.io/team/app:v1', 'docker.io/team/app:v1'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app', 'localhost:5000/app'],
    ['registry.example.com/app', 'registry.example.com/app'],
    ['registry.example.com:5000/a/b/c:v1', 'registry.example.com:5000/a/b/c:v1'],
    ['registry.example.com', 'docker.io/library/registry.example.com'], // to Docker too
    ['Registry/app', 'Registry/app'],
    ['[2001:db8::1]:5000/app', '[2001:db8::1]:5000/app'],
    ['[::1]/app:v1', '[::1]/app:v1'],
    ['a__b/c--d/e.f_g:T.a-g_', 'docker.io/a__b/c--d/e.f_g:T.a-g_'],
    ['127.0.0.1:5000/app', '127.0.0.1:5000/app'],
    [`app@sha384+b64u:${'0'.repeat(32)}`, `docker.io/library/app@sha384+b64u:${'0'.repeat(32)}`],
  ])('%s is %s', (text, whole) => {
    const reference = parseImageReference(text);
    expect(canonicalReference(reference)).toBe(whole);
    expect(parseImageReference(whole)).toEqual(reference);
  });

  it('tells its parts', () => {
    expect(parseImageReference(`registry.example.com:5000/team/app:v1@${SHA256}`)).toEqual({
      domain: 'registry.example.com:5000',
      path: 'team/app',
      tag: 'v1',
      digest: SHA256,
    });
    expect(parseImageReference('alpine')).toEqual({ domain: 'docker.io', path: 'library/alpine' });
    expect(repositoryOf(parseImageReference('alpine:3'))).toBe('docker.io/library/alpine');
  });

  it.each([
    '',
    ':v1',
    '@',
    'a'.repeat(64), // an id
    'App',
    'team/App',
    'app:',
    'app:-v1',
    `app:${'t'.repeat(129)}`,
    'app@',
    'app@sha256:abc',
    `app@sha256:${'A1'.repeat(32)}`,
    `app@${SHA256}@${SHA256}`,
    'app name',
    '/app',
    'app/',
    'team//app',
    'team/../app',
    'a..b/app',
    '-host.example/app',
    'host.example:port/app',
    'https://registry.example.com/app',
    'user@host.example/app',
    'a___b',
    '_app',
    'app\n',
    'tea\u212a/app',
    `registry.example.com/${'a'.repeat(240)}`,
  ])('%j is none', (text) => {
    expect(() => parseImageReference(text)).toThrow('is no name of an image');
  });

  it.each([
    ['docker.io/library/alpine:3', 'alpine:3'],
    ['docker.io/team/app', 'team/app'],
    ['registry.example.com/library/app', 'registry.example.com/library/app'],
    ['docker.io/library/a/b', 'library/a/b'],
  ])('%s is written %s', (text, familiar) => {
    const reference = parseImageReference(text);
    expect(familiarReference(reference)).toBe(familiar);
    expect(parseImageReference(familiar)).toEqual(reference);
  });
});

describe('the one name of an image', () => {
  it.each([
    ['alpine', 'alpine:latest'],
    ['alpine:3.20', 'alpine:3.20'],
    ['library/alpine', 'alpine:latest'],
    ['docker.io/alpine', 'alpine:latest'],
    ['docker.io/library/alpine:3.20', 'alpine:3.20'],
    ['docker.io/library/team/app', 'library/team/app:latest'],
    ['docker.io/team/app', 'team/app:latest'],
    [`index.docker.io/library/alpine:3.20@${SHA256}`, `alpine@${SHA256}`],
    ['index.docker.io/team/app', 'team/app:latest'],
    ['localhost:5000/a', 'localhost:5000/a:latest'],
    ['localhost:5000/library/a:v1', 'localhost:5000/library/a:v1'],
    ['localhost:5000', 'localhost:5000'], // a tag
    ['registry.example.com:5000/team/app:v1', 'registry.example.com:5000/team/app:v1'],
    ['Team/app', 'Team/app:latest'], // a registry
    ['deadbeef', 'deadbeef:latest'],
    [SHA256, SHA256],
    [`team/app@${SHA256}`, `team/app@${SHA256}`],
  ])('%s is %s', (text, name) => {
    expect(familiarName(text)).toBe(name);
    expect(familiarName(name)).toBe(name);
  });

  it.each([
    '',
    'a1'.repeat(32),
    'App',
    'docker.io/team/App',
    'app@',
    'app@sha256:abc',
    '<none>:<none>',
    '@',
    'a b',
  ])('is for %j, which no image is called, that itself', (text) => {
    expect(familiarName(text)).toBe(text);
  });
});

describe('a registry', () => {
  it.each([
    ['docker.io', 'docker.io'],
    ['INDEX.docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['Registry.Example.com:5000', 'registry.example.com:5000'],
  ])('%s is known as %s', (host, name) => {
    expect(canonicalRegistry(host)).toBe(name);
  });
});
