import { describe, expect, it } from '@jest/globals';
import { imageNameMatcher } from './image-name-pattern.js';

describe('a pattern of image names', () => {
  it.each([
    ['busybox', 'busybox:latest'],
    ['busybox:latest', 'busybox:latest'],
    ['busy*', 'busybox:v1'],
    ['*:v?', 'busybox:v1'],
    ['team/*', 'team/app:v1'],
    ['*/*:v1', 'team/app:v1'],
    ['docker.io/library/busybox', 'busybox:latest'],
    ['registry:5000/*/app', 'registry:5000/team/app:v1'],
    ['team/app@sha256:*', 'team/app@sha256:0123'],
    ['team/app', 'team/app@sha256:0123'],
    ['a*b*c', 'aXbXbXc'],
    ['*', 'busybox:latest'],
  ])('%s is met by %s', (pattern, name) => {
    expect(imageNameMatcher(pattern)(name)).toBe(true);
  });

  it.each([
    ['busybox:v1', 'busybox:latest'],
    ['*', 'team/app:v1'],
    ['team*', 'team/app:v1'],
    ['busybo', 'busybox:latest'],
    ['b?x', 'busybox:v1'],
    ['busybox.', 'busyboxy:latest'],
    ['a*b*c', 'aXbXbX'],
    ['', 'busybox:latest'],
  ])('%s is not met by %s', (pattern, name) => {
    expect(imageNameMatcher(pattern)(name)).toBe(false);
  });

  it('is no way to keep the program busy', () => {
    const matches = imageNameMatcher(`${'a*'.repeat(200)}b`);
    expect(matches('a'.repeat(400))).toBe(false);
  });
});
