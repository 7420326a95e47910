import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { turns } from '../streams/testing/turns.js';
import { EngineFreshness } from './engine-freshness.js';
import { ScriptedTime } from './testing/scripted-time.js';

const AWAY = new DomainError('engine_unavailable', 'It is away');

describe('what is known of an engine', () => {
  const time = new ScriptedTime();
  let freshness: EngineFreshness;
  let attempts: number;
  beforeEach(() => {
    time.install();
    attempts = 0;
    freshness = new EngineFreshness(() => (attempts += 1));
  });
  afterEach(() => {
    time.restore();
  });

  /** A read: what it has come to so far. */
  const read = (signal?: AbortSignal) => {
    const reading: { outcome: unknown } = { outcome: 'waiting' };
    freshness.readable(signal).then(
      () => (reading.outcome = 'readable'),
      (error: unknown) => (reading.outcome = error),
    );
    return reading;
  };
  const pass = async (ms: number) => {
    time.pass(ms);
    await turns(2);
  };

  it('can be read at once while it is followed, and says since when', async () => {
    freshness.synced();
    expect(freshness.live).toBe(true);
    expect(freshness.current).toEqual({ syncedAt: time.now, staleSince: undefined, failure: undefined });
    const reading = read();
    await pass(0);
    expect([reading.outcome, attempts]).toEqual(['readable', 0]);
  });

  it('is waited for before the first time, however long that takes', async () => {
    const reading = read();
    await pass(60_000);
    expect(reading.outcome).toBe('waiting');
    freshness.synced();
    await pass(0);
    expect(reading.outcome).toBe('readable');
  });

  it('is an error where the engine was never reached: why it cannot be', async () => {
    const reading = read();
    freshness.failed(AWAY);
    await pass(0);
    expect([reading.outcome, freshness.live, freshness.current.staleSince]).toEqual([AWAY, false, undefined]);
  });

  it('is waited for, where the engine was never reached, until it was tried once more', async () => {
    freshness.failed(AWAY);
    const [unlucky, lucky] = [read(), read()];
    await pass(10_000);
    expect([unlucky.outcome, attempts]).toEqual(['waiting', 2]);
    const later = new DomainError('engine_unavailable', 'It is still away');
    freshness.failed(later);
    await pass(0);
    expect([unlucky.outcome, lucky.outcome]).toEqual([later, later]);
    const patient = read();
    freshness.catchingUp();
    await pass(10_000);
    expect(patient.outcome).toBe('waiting');
    freshness.synced();
    await pass(0);
    expect(patient.outcome).toBe('readable');
  });

  it('is read as it was while the engine is away, and says since when it is', async () => {
    freshness.synced();
    const syncedAt = time.now;
    await pass(5_000);
    freshness.failed(AWAY);
    const staleSince = time.now;
    expect(freshness.live).toBe(false);
    const reading = read();
    await pass(0);
    expect(reading.outcome).toBe('readable');
    await pass(5_000);
    freshness.failed(AWAY);
    expect(freshness.current).toEqual({ syncedAt, staleSince, failure: AWAY });
  });

  it('is waited for while an engine that is back is read, for 2 s at the most', async () => {
    freshness.synced();
    freshness.failed(AWAY);
    freshness.catchingUp();
    const [first, patient] = [read(), read()];
    await pass(1_999);
    expect([first.outcome, patient.outcome]).toEqual(['waiting', 'waiting']);
    await pass(1);
    expect([first.outcome, patient.outcome]).toEqual(['readable', 'readable']);
    const lucky = read();
    freshness.synced();
    await pass(0);
    expect([lucky.outcome, freshness.live]).toEqual(['readable', true]);
  });

  it('is not waited for by who has left', async () => {
    const left = new AbortController();
    const reading = read(left.signal);
    const reason = new DomainError('cancelled', 'left');
    left.abort(reason);
    await pass(0);
    expect(reading.outcome).toBe(reason);
  });
});
