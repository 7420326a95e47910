import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import { ScriptedDocuments } from '../testing/scripted-documents.js';
import { turns } from '../testing/turns.js';
import { SharedStats } from './shared-stats.js';
import type { StatsSample } from './stats-sample.js';

const { signal } = new AbortController();

function document(pids: number) {
  return { read: `2026-01-01T00:00:0${pids}Z`, pids_stats: { current: pids } };
}

async function nextPids(samples: AsyncGenerator<StatsSample, void>): Promise<number | undefined> {
  const result = await samples.next();
  return result.done === true ? undefined : result.value.pids;
}

describe('viewers of one stats stream', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0, doNotFake: ['setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('get the very same samples through one upstream', async () => {
    const source = new ScriptedDocuments();
    const stats = new SharedStats(source.open);
    const viewers = [stats.samples(signal), stats.samples(signal)];
    const waiting = viewers.map((viewer) => viewer.next());
    await turns();
    source.send(document(1));
    const [one, other] = await Promise.all(waiting);
    expect(one?.value).toMatchObject({ pids: 1 });
    expect(other?.value).toBe(one?.value);
    expect(source.opened).toBe(1);
  });

  it('get the latest sample when they are slow, and none twice', async () => {
    const source = new ScriptedDocuments();
    const stats = new SharedStats(source.open);
    const viewer = stats.samples(signal);
    const waiting = nextPids(viewer);
    await turns();
    source.send(document(1));
    expect(await waiting).toBe(1);
    source.send(document(2), document(3), document(4));
    await turns(3);
    expect(await nextPids(viewer)).toBe(4);
    const next = nextPids(viewer);
    await turns(3);
    source.send(document(5));
    expect(await next).toBe(5);
  });

  it('get the last known sample at once when they come late, if it is fresh', async () => {
    const source = new ScriptedDocuments();
    const stats = new SharedStats(source.open);
    source.send(document(1));
    await turns(3);
    jest.setSystemTime(5_000);
    expect(await nextPids(stats.samples(signal))).toBe(1);
    jest.setSystemTime(5_001);
    const late = nextPids(stats.samples(signal));
    await turns(3);
    source.send(document(2));
    expect(await late).toBe(2);
  });

  it('get what came before the failure of the engine, then the same error', async () => {
    const source = new ScriptedDocuments();
    const stats = new SharedStats(source.open);
    const gone = new DomainError('engine_unavailable', 'gone');
    source.send(document(1));
    source.fail(gone);
    await stats.upstream.finished;
    for (const viewer of [stats.samples(signal), stats.samples(signal)]) {
      expect(await nextPids(viewer)).toBe(1);
      await expect(viewer.next()).rejects.toBe(gone);
    }
  });
});
