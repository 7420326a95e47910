import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import { ScriptedDocuments } from '../testing/scripted-documents.js';
import { turns } from '../testing/turns.js';
import { engineEvent } from '../../engine/wire/engine-event.js';
import { SharedEvents } from './shared-events.js';

const { signal } = new AbortController();
const LIMITS = { items: 5, bytes: 100_000 };

function started(id: string, attributes: Record<string, string> = {}) {
  return {
    Type: 'container',
    Action: 'start',
    Actor: { ID: id, Attributes: attributes },
    scope: 'local',
    time: 1_767_225_600,
    timeNano: 1_767_225_600_123_456_768,
  };
}

async function nextId(events: ReturnType<SharedEvents['events']>): Promise<string | undefined> {
  const result = await events.next();
  return result.done === true ? undefined : result.value.actorId;
}

describe('viewers of the events of one engine', () => {
  it('get every event from when they came, in order, through one upstream', async () => {
    const source = new ScriptedDocuments();
    const shared = new SharedEvents(source.open, LIMITS);
    const early = shared.events(signal);
    source.send(started('a'), started('b'));
    await turns(3);
    const late = shared.events(signal);
    source.send(started('c'));
    expect([await nextId(early), await nextId(early), await nextId(early)]).toEqual(['a', 'b', 'c']);
    expect(await nextId(late)).toBe('c');
    expect(source.opened).toBe(1);
  });

  it('end with an error when they are too slow, which the others do not notice', async () => {
    const source = new ScriptedDocuments();
    const shared = new SharedEvents(source.open, LIMITS);
    const [slow, quick] = [shared.events(signal), shared.events(signal)];
    for (let event = 0; event < 6; event++) {
      source.send(started(String(event)));
      expect(await nextId(quick)).toBe(String(event));
    }
    await expect(slow.next()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('end so too when what they have not read is too large', async () => {
    const source = new ScriptedDocuments();
    const shared = new SharedEvents(source.open, LIMITS);
    const slow = shared.events(signal);
    source.send(started('a', { large: 'x'.repeat(60_000) }), started('b', { large: 'x'.repeat(60_000) }));
    await turns(3);
    await expect(slow.next()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('get what came before the engine went away, then the same error', async () => {
    const source = new ScriptedDocuments();
    const shared = new SharedEvents(source.open, LIMITS);
    const viewers = [shared.events(signal), shared.events(signal)];
    const gone = new DomainError('engine_unavailable', 'gone');
    source.send(started('a'));
    source.fail(gone);
    await shared.upstream.finished;
    for (const viewer of viewers) {
      expect(await nextId(viewer)).toBe('a');
      await expect(viewer.next()).rejects.toBe(gone);
    }
  });
});

describe('an event', () => {
  it('tells what happened to which object, and when', () => {
    expect(engineEvent(started('a', { name: 'web' }))).toEqual({
      type: 'container',
      action: 'start',
      actorId: 'a',
      attributes: { name: 'web' },
      scope: 'local',
      time: '2026-01-01T00:00:00.123Z',
      timeNano: 1_767_225_600_123_456_768,
    });
  });

  it.each([{}, null, 'text', { Actor: 5, Type: 7, timeNano: 1e300 }, { Actor: { Attributes: { a: 1 } } }])(
    'from a document without the usual fields is empty: %j',
    (document) => {
      expect(engineEvent(document)).toMatchObject({ type: '', action: '', actorId: '', attributes: {} });
    },
  );
});
