import { describe, expect, it } from '@jest/globals';
import type { ContainerRecord, ObjectsNews } from '../gate/engine-handle.js';
import type { Gate } from '../gate/gate.js';
import type { Actor } from '../common/actor.js';
import type { ContainerChange } from './container-change.model.js';
import type { ContainerFilter } from './container-list.inputs.js';
import { CONTAINER_WATCH, ContainerWatchService } from './container-watch.service.js';
import { containerRecord } from './testing/container-records.js';

const ACTOR: Actor = { kind: 'user', id: 'one', name: 'one', teamIds: [] };
const { signal } = new AbortController();

function all(...records: ContainerRecord[]): ObjectsNews<'container'> {
  return { kind: 'all', view: { records, revision: 'r1', syncedAt: 0, staleSince: undefined } };
}
function changes(
  revision: string,
  ...list: ['added' | 'updated' | 'removed', ContainerRecord][]
): ObjectsNews<'container'> {
  return { kind: 'changes', revision, changes: list.map(([kind, record]) => ({ kind, record })) };
}

/** What a watcher is told of these news, in batches; and what it was asked to go on after. */
async function told(news: ObjectsNews<'container'>[], filter: ContainerFilter = {}, after?: string) {
  const asked: (string | undefined)[] = [];
  const ofContainers = (_kind: string, since: string | undefined) => {
    asked.push(since);
    return Promise.resolve(stream(news));
  };
  const gate = {
    as: () => ({ engine: (name: string) => ({ name, news: ofContainers }) }),
  } as unknown as Gate;
  const watching = await new ContainerWatchService(gate).watch(ACTOR, 'local', filter, after, signal);
  const batches: (readonly ContainerChange[])[] = [];
  for await (const batch of watching) batches.push(batch);
  return { asked, batches };
}

const inWords = (batches: (readonly ContainerChange[])[]) =>
  batches.map((batch) =>
    batch.map(({ kind, id, revision }) =>
      [kind, id, revision === null ? undefined : `(${revision})`].filter(Boolean).join(' '),
    ),
  );

describe('a watcher', () => {
  const web = (name: string, team = 'web') => containerRecord(name, { labels: { team } });

  it('gets all there is between `reset` and `synced`, with the revision at its end', async () => {
    const { batches } = await told([all(web('a'), web('b'))]);
    expect(inWords(batches)).toEqual([['reset', 'added a', 'added b', 'synced (r1)']]);
    expect(batches[0]?.[1]).toMatchObject({
      container: { id: 'a', engine: 'local', labels: { team: 'web' } },
    });
  });

  it('gets `reset` and `synced` also where there is nothing', async () => {
    expect(inWords((await told([all()])).batches)).toEqual([['reset', 'synced (r1)']]);
  });

  it('gets changes, of which only the last may be come back to', async () => {
    const { batches } = await told([
      changes('r2', ['added', web('a')], ['updated', web('b')], ['removed', web('c')]),
    ]);
    expect(inWords(batches)).toEqual([['added a', 'updated b', 'removed c (r2)']]);
    expect(batches[0]?.[2]).toMatchObject({ container: { id: 'c' } });
  });

  it('is told that the engine went away, since when, and that it came back', async () => {
    const { batches } = await told([
      { kind: 'freshness', staleSince: Date.now() - 3_000 },
      { kind: 'freshness', staleSince: undefined },
    ]);
    expect(inWords(batches)).toEqual([['stale'], ['live']]);
    expect(batches.map(([change]) => change?.staleSeconds)).toEqual([3, null]);
  });

  it('goes on after what it knows; with a filter it begins anew', async () => {
    expect((await told([], {}, 'r1')).asked).toEqual(['r1']);
    expect((await told([], { label: ['team=web'] }, 'r1')).asked).toEqual([undefined]);
  });

  it('with a filter is told of what begins to meet it as added, and of what ends to as removed', async () => {
    const { batches } = await told(
      [
        all(web('a'), web('b', 'db')),
        changes('r2', ['updated', web('a')], ['updated', web('b', 'ops')]),
        changes('r3', ['updated', web('a', 'db')], ['updated', web('b')], ['added', web('c', 'db')]),
        changes('r4', ['removed', web('a', 'db')], ['removed', web('b')]),
      ],
      { label: ['team=web'] },
    );
    expect(inWords(batches)).toEqual([
      ['reset', 'added a', 'synced (r1)'],
      ['updated a (r2)'],
      ['removed a', 'added b (r3)'],
      ['removed b (r4)'],
    ]);
  });

  it('with a filter is told nothing of changes that it does not meet', async () => {
    const { batches } = await told([changes('r2', ['added', web('b', 'db')])], { label: ['team=web'] });
    expect(inWords(batches)).toEqual([[]]);
  });

  it('is refused for a filter that is none', async () => {
    await expect(told([], { label: ['team in ('] })).rejects.toMatchObject({ kind: 'invalid_input' });
  });
});

describe('a change as JSON', () => {
  it('is the change, the container in it or null', async () => {
    const { batches } = await told([all(containerRecord('a'))]);
    const texts = (batches[0] ?? []).map((change) => CONTAINER_WATCH.stream.json?.(change) ?? '');
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
      JSON.parse(JSON.stringify(batches[0])) as unknown,
    );
  });
});

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
