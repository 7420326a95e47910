import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { changeVersion } from './versions.js';

const LOST = new DomainError('conflict', 'rpc error: code = Unknown desc = update out of sequence');

/** An engine whose secret has one of these versions after the other. */
function handleAt(...versions: number[]): EngineHandle {
  const object = (_kind: string, _id: string, { fresh }: { fresh: boolean }) => {
    if (!fresh) throw new Error('memory may be behind');
    return Promise.resolve({ document: { ID: 'a', Version: { Index: versions.shift() } } });
  };
  return { object } as unknown as EngineHandle;
}

describe('a change at a version', () => {
  const SECRET = { kind: 'secret', id: 'a' } as const;

  it('is of the one that there is, or of the one that its caller has seen', async () => {
    const sent: number[] = [];
    const send = (_: unknown, version: number) => Promise.resolve(sent.push(version));
    await changeVersion(handleAt(7), SECRET, send);
    await changeVersion(handleAt(7), { ...SECRET, version: 5 }, send);
    expect(sent).toEqual([7, 5]);
  });

  it('that comes too late is not made again, and tells the version that there is', async () => {
    let times = 0;
    const lost = changeVersion(handleAt(7, 9), SECRET, () => {
      times += 1;
      return Promise.reject(LOST);
    });
    await expect(lost).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('version 9 now'),
    });
    expect(times).toBe(1);
  });

  it('fails as it fails', async () => {
    const taken = new DomainError('conflict', 'The name is taken');
    await expect(changeVersion(handleAt(7), SECRET, () => Promise.reject(taken))).rejects.toBe(taken);
  });
});
