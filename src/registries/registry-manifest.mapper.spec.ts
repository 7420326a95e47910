import { describe, expect, it } from '@jest/globals';
import { toRegistryManifest } from './registry-manifest.mapper.js';

const map = (document: object, config?: Record<string, unknown>) =>
  toRegistryManifest(
    'team/app',
    'v1',
    { digest: 'sha256:x', mediaType: 'type', size: 7, document: document },
    config,
  );

describe('a manifest', () => {
  it('of an image has the size of its layers and configuration together', () => {
    const layers = [
      { digest: 'sha256:a', mediaType: 'layer', size: 100 },
      { digest: 'sha256:b', mediaType: 'layer', size: 20 },
    ];
    const config = { os: 'linux', architecture: 'amd64', created: '2026-01-02T03:04:05.678901234Z' };
    expect(map({ config: { size: 3 }, layers }, config)).toMatchObject({
      kind: 'image',
      size: 123,
      layers,
      platform: { os: 'linux', architecture: 'amd64', variant: null, osVersion: null },
      createdAt: '2026-01-02T03:04:05.678Z',
    });
  });

  it('without the configuration of an image is an artifact', () => {
    expect(map({ artifactType: 'application/x', config: { size: 2 }, layers: [] })).toMatchObject({
      kind: 'artifact',
      artifactType: 'application/x',
      size: 2,
      platform: null,
      createdAt: null,
    });
  });

  it.each([
    { layers: 'none', manifests: null, annotations: [1] },
    { layers: [null, 5, 'x'], config: null, annotations: { a: 1, b: 'c' } },
    { manifests: [null, { digest: 5, size: -1, platform: 'linux' }] },
    { layers: [{ size: 1e300 }, { size: '5' }, { size: 1.5 }], config: 5 },
  ])('that is hostile, %j, is told as far as it makes sense', (document) => {
    const manifest = map(document, { os: {}, created: 'never' });
    expect(manifest.createdAt).toBeNull();
    for (const { size } of [...manifest.layers, ...manifest.images]) expect(size).toBe(0);
    expect(Object.values(manifest.annotations).every((value) => typeof value === 'string')).toBe(true);
  });
});
