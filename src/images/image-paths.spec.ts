import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ImagePath } from './image-paths.js';
import { TagImageInput } from './image.inputs.js';

async function isAllowed(type: new () => object, value: object): Promise<boolean> {
  return (await validate(plainToInstance(type, value))).length === 0;
}

const HEX = '0123456789abcdef'.repeat(4);

describe('an image in a path', () => {
  const allowed = (id: string) => isAllowed(ImagePath, { engine: 'local', id });

  it.each([
    'busybox',
    'team/app',
    'team/app:v1.2-rc_3',
    'a/b/c__d/e--f:latest',
    'registry.example.com:5000/team/app:v1',
    'localhost/app',
    '[::1]:5000/app',
    `team/app@sha256:${HEX}`,
    `team/app:v1@sha256:${HEX}`,
    HEX,
    `sha256:${HEX}`,
    'abc123',
  ])('may be %s', async (id) => {
    expect(await allowed(id)).toBe(true);
  });

  it.each([
    '',
    '..',
    '../etc',
    'a/../b',
    'a//b',
    '/a',
    'a/',
    'a%2fb',
    'a/B',
    'a b',
    'a?b',
    'a#b',
    'a:',
    'a:b:c',
    'a@b',
    `a@sha256:${HEX}@sha256:${HEX}`,
    'a@sha256:12',
    '-a',
    'a-',
    'a\n',
    'é',
    'a'.repeat(521),
  ])('may not be %j', async (id) => {
    expect(await allowed(id)).toBe(false);
  });

  it('is looked at quickly, however it is made up', async () => {
    expect(await allowed(`${'a-'.repeat(259)}!`)).toBe(false);
    expect(await allowed(`${'a.'.repeat(259)}!`)).toBe(false);
  });
});

it('a new name has no digest', async () => {
  expect(await isAllowed(TagImageInput, { name: 'team/app:v1' })).toBe(true);
  expect(await isAllowed(TagImageInput, { name: `team/app@sha256:${HEX}` })).toBe(false);
});
