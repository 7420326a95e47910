import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import type { DoorCall } from './door-call.js';
import { listOfPart } from './lists-of-part.js';

/** An engine with the service `web` that the actor sees; any other is hidden from it, or not there. */
function taskList(filters: object, seen: readonly string[]) {
  const sent: EngineRequest[] = [];
  const engine = {
    mayAlways: (permission: string) => Promise.resolve(seen.includes(permission)),
    object: (kind: string, reference: string) =>
      `${kind} ${reference}` === 'service web'
        ? Promise.resolve({ document: { ID: 'id-of-web' } })
        : Promise.reject(new DomainError('not_found', `No such ${kind}`)),
    json: (_: string, request: EngineRequest) => {
      sent.push(request);
      return Promise.resolve({ body: ['task'] });
    },
  };
  const request = { query: { filters: JSON.stringify(filters) } };
  const answer = listOfPart({ engine, operation: { id: 'TaskList' }, request } as unknown as DoorCall);
  return { answer, sent };
}

describe('the tasks that a filter asks for, for who does not see all', () => {
  it.each([{ service: { hidden: true } }, { service: { web: true, h: true } }, { node: { n: true } }])(
    'are not found where it names what it may not see: %j',
    async (filters) => {
      const { answer, sent } = taskList(filters, []);
      await expect(answer).rejects.toMatchObject({ kind: 'not_found' });
      expect(sent).toEqual([]);
    },
  );

  it('are asked for by the id of the service', async () => {
    const { answer, sent } = taskList({ service: { web: true } }, ['tasks:list', 'nodes:list']);
    expect(await answer).toEqual(['task']);
    expect(sent).toMatchObject([{ query: { filters: '{"service":{"id-of-web":true}}' } }]);
  });

  it('are left to the engine where all tasks, services and nodes are seen', async () => {
    const { answer } = taskList({ service: { h: true } }, ['tasks:list', 'services:list', 'nodes:list']);
    expect(await answer).toBeUndefined();
  });
});
