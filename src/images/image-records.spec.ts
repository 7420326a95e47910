import { describe, expect, it } from '@jest/globals';
import type { ImageRecord } from './image-catalog.js';
import { findImage } from './image-records.js';

function record(id: string, tags: string[], digests: string[] = []): ImageRecord {
  const kept = { RepoTags: tags, RepoDigests: digests };
  return { id: `sha256:${id.padEnd(64, '0')}`, kept } as unknown as ImageRecord;
}

describe('a reference', () => {
  const digest = `sha256:${'d'.repeat(64)}`;
  const app = record('abc1', ['team/app:latest', 'team/app:v1'], [`team/app@${digest}`]);
  const busybox = record('abc2', ['busybox:latest']);
  const nameless = record('def', []);
  const cafe = record('123', ['cafe:latest']);
  const all = [app, busybox, nameless, cafe, record('cafe', [])];

  it.each([
    ['team/app', app],
    ['team/app:v1', app],
    ['docker.io/team/app:v1', app],
    [`team/app@${digest}`, app],
    [`team/app:other@${digest}`, app],
    ['library/busybox', busybox],
    ['index.docker.io/library/busybox:latest', busybox],
    ['def', nameless],
    [nameless.id, nameless],
    [nameless.id.slice(7), nameless],
    ['sha256:abc2', busybox],
    ['cafe', cafe], // a name goes before the start of an id
  ])('%s finds what it names', (reference, image) => {
    expect(findImage(all, reference)).toBe(image);
  });

  it.each(['abc', 'team/app:v2', 'team', 'f00', `busybox@${digest}`])('%s finds nothing', (reference) => {
    expect(findImage(all, reference)).toBeUndefined();
  });
});
