import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import { messagesOf, numbers, sharedLog, take, takeAll, view } from '../testing/log-viewers.js';
import { ScriptedLog } from '../testing/scripted-log.js';
import { turns, until } from '../testing/turns.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('the end of a log', () => {
  it('comes also where nothing was ever written', async () => {
    const source = new ScriptedLog();
    source.stop();
    expect(await takeAll(view(sharedLog(source)))).toEqual([]);
  });

  it('comes to a viewer that is behind, though the container was started again meanwhile', async () => {
    const source = new ScriptedLog({ batch: 5 });
    const log = sharedLog(source, { ring: { items: 5, bytes: 1024 * 1024 } });
    const [slow, fast] = [view(log), view(log)];
    source.writeNumbers(1, 5);
    await take(slow, 5);
    const all = takeAll(fast);
    source.writeNumbers(6, 50);
    source.stop();
    expect(await all).toEqual(numbers(1, 50));
    source.writeNumbers(51, 60);
    expect(await takeAll(slow)).toEqual(numbers(6, 60));
  });

  it('comes when until has passed, though the log is silent', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'Date'] });
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const soon = new Date(Date.now() + 60_000).toISOString();
    const viewers = [view(log, { until: soon }), view(log, { until: soon, tail: 0 })];
    const seen = viewers.map(takeAll);
    await turns(3);
    source.write('in time');
    await turns(3);
    jest.advanceTimersByTime(62_000);
    expect(await Promise.all(seen)).toEqual([['in time'], ['in time']]);
    const silent = sharedLog(new ScriptedLog());
    const nothing = takeAll(view(silent, { until: soon }));
    await turns(3);
    jest.advanceTimersByTime(62_000);
    expect(await nothing).toEqual([]);
  });

  it('comes to each viewer after it has had all lines', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const [quick, slow] = [view(log), view(log)];
    source.writeNumbers(1, 1_500);
    source.stop();
    expect(await takeAll(quick)).toEqual(numbers(1, 1_500));
    expect(log.upstream.over).toBe(true);
    expect(await takeAll(slow)).toEqual(numbers(1, 1_500));
  });

  it('is an error, after the lines that had come, when the engine goes away', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const viewers = [view(log), view(log)];
    source.writeNumbers(1, 3);
    for (const viewer of viewers) await take(viewer, 3);
    const waiting = viewers.map((viewer) => take(viewer, 1));
    await turns(3);
    source.writeNumbers(4, 6);
    const gone = new DomainError(
      'engine_unavailable',
      'Engine "local" ended the stream before it was complete.',
    );
    await until(() => log.ring.end === 6);
    source.fail(gone);
    await until(() => log.upstream.over);
    for (const [index, viewer] of viewers.entries()) {
      expect(await waiting[index]).toEqual(numbers(4, 6));
      await expect(viewer.next()).rejects.toBe(gone);
      expect(await viewer.next()).toEqual({ done: true, value: undefined });
    }
  });

  it('is the refusal of the engine, for each viewer, when it does not open', async () => {
    const source = new ScriptedLog();
    const refusal = new DomainError('not_supported', 'configured logging driver does not support reading');
    source.fail(refusal);
    const log = sharedLog(source);
    const viewers = [view(log), view(log)];
    for (const viewer of viewers) await expect(viewer.opened()).rejects.toBe(refusal);
    await expect(view(log).next()).rejects.toBe(refusal);
  });

  it('comes at once to a viewer that leaves, though it waits on a silent log, and holds nothing up', async () => {
    const source = new ScriptedLog({ batch: 5 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const [leaving, staying] = [view(log), view(log)];
    source.write('0');
    await Promise.all([take(leaving, 1), take(staying, 1)]);
    const waiting = leaving.next();
    await turns(2);
    await leaving.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    source.writeNumbers(1, 100);
    expect(await take(staying, 100)).toEqual(numbers(1, 100));
    expect(log.readers.furthest).toBe(101);
  });

  it('closes the reading of a viewer that leaves amid history', async () => {
    const source = new ScriptedLog({ batch: 5 });
    source.writeNumbers(1, 100);
    const log = sharedLog(source);
    for await (const batch of view(log)) {
      expect(messagesOf(batch)).toEqual(numbers(1, 5));
      break;
    }
    await until(() => source.underWay === 1);
    expect(source.reads.map(({ follow }) => follow)).toEqual([true, false]);
  });
});
