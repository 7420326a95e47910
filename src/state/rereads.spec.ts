import { describe, expect, it } from '@jest/globals';
import { turns } from '../streams/testing/turns.js';
import { Rereads } from './rereads.js';

/** Readings that end when the test says so. */
class Readings {
  readonly begun: string[] = [];
  private readonly open = new Map<string, (error?: Error) => void>();
  readonly rereads = new Rereads((id) => {
    this.begun.push(id);
    if (this.open.has(id)) throw new Error('read twice at a time');
    return new Promise((resolve, reject) => {
      this.open.set(id, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  });

  get underWay(): number {
    return this.open.size;
  }

  async finish(id: string, error?: Error): Promise<void> {
    const end = this.open.get(id);
    this.open.delete(id);
    end?.(error);
    await turns();
  }
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `object-${String(index)}`);

describe('reading again', () => {
  it('is done when the reading is', async () => {
    const readings = new Readings();
    let done = false;
    const asked = readings.rereads.request('a').then(() => (done = true));
    await turns();
    expect(done).toBe(false);
    await readings.finish('a');
    await asked;
    expect(readings.begun).toEqual(['a']);
  });

  it('happens once at a time for an object: whoever asks meanwhile shares one that begins after', async () => {
    const readings = new Readings();
    const first = readings.rereads.request('a');
    const later = [readings.rereads.request('a'), readings.rereads.request('a')];
    let answered = 0;
    for (const one of later) void one.then(() => (answered += 1));
    await readings.finish('a');
    await first;
    expect([readings.begun, answered]).toEqual([['a', 'a'], 0]);
    await readings.finish('a');
    await Promise.all(later);
    expect(readings.begun).toEqual(['a', 'a']);
  });

  it('goes on for up to eight objects at a time', async () => {
    const readings = new Readings();
    const asked = ids(20).map((id) => readings.rereads.request(id));
    expect([readings.underWay, readings.rereads.size]).toEqual([8, 12]);
    for (let left = 20; left > 0; left -= 1) {
      expect(readings.underWay).toBe(Math.min(8, left));
      await readings.finish(ids(20)[20 - left] ?? '');
    }
    await Promise.all(asked);
    expect(readings.begun).toEqual(ids(20));
  });

  it('is asked for once by all who ask while an object waits for its turn', async () => {
    const readings = new Readings();
    const asked = ids(9).map((id) => readings.rereads.request(id));
    expect(readings.rereads.request('object-8')).toBe(asked[8]);
    for (const id of ids(9)) await readings.finish(id);
    await Promise.all(asked);
    expect(readings.begun).toHaveLength(9);
  });

  it('does not let one object that is asked for all the time keep the others waiting', async () => {
    const readings = new Readings();
    const asked = ids(9).map((id) => readings.rereads.request(id));
    void readings.rereads.request('object-0');
    await readings.finish('object-0');
    expect(readings.begun.at(-1)).toBe('object-8');
    await readings.finish('object-1');
    expect(readings.begun.at(-1)).toBe('object-0');
    for (const id of ids(9)) await readings.finish(id);
    await Promise.all(asked);
  });

  it('that fails tells those who asked for it, and nobody else', async () => {
    const readings = new Readings();
    const [failing, other] = [readings.rereads.request('a'), readings.rereads.request('b')];
    const next = readings.rereads.request('a');
    const failure = expect(failing).rejects.toThrow('it went away');
    await readings.finish('a', new Error('it went away'));
    await failure;
    await readings.finish('a');
    await readings.finish('b');
    await expect(Promise.all([next, other])).resolves.toBeDefined();
    expect(readings.rereads.size).toBe(0);
  });
});
