import { describe, expect, it } from '@jest/globals';
import type { ProgressMessage } from './image-documents.js';
import { LayerProgress } from './layer-progress.js';

function layer(id: string, status: string, current?: number, total?: number): ProgressMessage {
  return { id, status, progressDetail: current === undefined ? {} : { current, total } };
}

function after(...messages: ProgressMessage[]) {
  const progress = new LayerProgress();
  return messages.map((message) => progress.update(message)).at(-1);
}

describe('the progress of a pull', () => {
  it('is the bytes of all layers together, with the layer that was just told of', () => {
    expect(after(layer('a', 'Downloading', 30, 100), layer('b', 'Downloading', 50, 100))).toEqual({
      current: 80,
      total: 200,
      percent: 40,
      message: 'Downloading',
      parts: [{ id: 'b', message: 'Downloading', current: 50, total: 100 }],
    });
  });

  it('takes layers of which nothing is known yet for as large as those on average', () => {
    const update = after(
      layer('a', 'Pulling fs layer'),
      layer('b', 'Pulling fs layer'),
      layer('a', 'Downloading', 100, 100),
    );
    expect(update).toMatchObject({ current: 100, total: 100, percent: 50 });
  });

  it('has no percentage while nothing is known', () => {
    expect(after(layer('a', 'Pulling fs layer'))).not.toHaveProperty('percent');
  });

  it('counts a layer as moved once it was checked, however it is unpacked then', () => {
    const loading = layer('a', 'Downloading', 90, 100);
    for (const message of [
      layer('a', 'Verifying Checksum'),
      layer('a', 'Download complete'),
      layer('a', 'Extracting', 10, 100),
      layer('a', 'Pull complete'),
    ])
      expect(after(loading, message)).toMatchObject({ current: 100, total: 100, percent: 100 });
  });

  it('learns the size of a small layer when that is unpacked', () => {
    const progress = new LayerProgress();
    progress.update(layer('a', 'Download complete'));
    expect(progress.update(layer('a', 'Extracting', 32, 320))).toMatchObject({ current: 320, total: 320 });
  });

  it('counts nothing for layers that are there already, and begins anew after a failure', () => {
    expect(after(layer('a', 'Already exists'), layer('b', 'Downloading', 5, 10))).toMatchObject({
      current: 5,
      total: 10,
    });
    expect(after(layer('a', 'Downloading', 9, 10), layer('a', 'Downloading', 1, 10))).toMatchObject({
      current: 1,
    });
  });

  it('is more than the engine guessed where it pushes more', () => {
    expect(after(layer('a', 'Pushing', 120, 100))).toMatchObject({ current: 120, total: 120, percent: 100 });
    expect(after(layer('a', 'Pushing', 120, 100), layer('a', 'Pushed'))).toMatchObject({ percent: 100 });
    expect(after(layer('a', 'Mounted from x/y'))).toMatchObject({ current: 0, total: 0 });
  });

  it('tells of what is about no layer in words only', () => {
    expect(after({ id: 'latest', status: 'Pulling from library/busybox' })).toEqual({
      message: 'Pulling from library/busybox',
    });
    expect(after({ status: 'Digest: sha256:1' })).toEqual({ message: 'Digest: sha256:1' });
    expect(after({ stream: 'x' })).toBeUndefined();
  });
});
