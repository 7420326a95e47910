import { describe, expect, it } from '@jest/globals';
import { ALL_OPERATIONS, operation, type OperationId } from '../gate/operations.js';
import { QUERY_PARAMETERS } from './query-parameters.js';
import { readQuery } from './query.js';

const read = (id: OperationId, raw: string) => readQuery(operation(id), raw);
const field = (id: OperationId, raw: string): string | undefined => {
  try {
    read(id, raw);
  } catch (error) {
    return (error as { errors: { field: string }[] }).errors[0]?.field;
  }
  return undefined;
};

describe('the query of a request', () => {
  it('may say what the body says, without being taken for it', () => {
    const raw = 'Name=a&Labels=%7B%7D';
    expect(readQuery(operation('NetworkCreate'), raw, new Set(['Name', 'Labels']))).toEqual({});
    expect(() => readQuery(operation('NetworkCreate'), raw, new Set(['Labels']))).toThrow('Name is not');
  });

  it('has a list of parameters for every operation', () => {
    expect(Object.keys(QUERY_PARAMETERS).sort()).toEqual(ALL_OPERATIONS.map(({ id }) => id).sort());
  });

  it.each<[OperationId, string, object]>([
    ['ContainerList', '', {}],
    ['ContainerList', 'all=1&size=False&limit=-1', { all: true, size: false, limit: '-1' }],
    ['ContainerList', 'all=&trunc_cmd=0', { all: false }],
    ['ContainerList', 'filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D', { filters: '{"label":{"a=b":true}}' }],
    ['ContainerList', 'filters={%22a%22:{%22b%22:true}}', { filters: '{"a":{"b":true}}' }],
    ['ContainerCreate', 'name=a%20b+c', { name: 'a b c' }],
    ['ImageBuild', 't=a&t=b&labels={%22a%22:%22b%22}', { t: ['a', 'b'], labels: '{"a":"b"}' }],
    ['ImageBuild', 'cachefrom=null&buildargs={%22a%22:null}', { cachefrom: '[]', buildargs: '{"a":null}' }],
    ['ImageCreate', 'fromImage=a&tag=1&fromSrc=', { fromImage: 'a', tag: '1' }],
    ['ImageCreate', 'fromSrc=-&repo=a:1', { fromSrc: '-', repo: 'a:1' }],
    ['SystemEvents', 'since=1700000000.000000001', { since: '1700000000.000000001' }],
  ])('of %s: %s', (id, raw, query) => {
    expect(read(id, raw)).toEqual(query);
  });

  it.each<[OperationId, string, string]>([
    ['ContainerList', 'all=1&all=1', 'all'],
    ['ContainerList', 'all=maybe', 'all'],
    ['ContainerList', 'nothing=1', 'nothing'],
    ['ContainerList', 'toString=1', 'toString'],
    ['ContainerList', 'filters={%22a%22:{%22b%22:false}}', 'filters'],
    ['ContainerList', 'a;b', 'query'],
    ['ContainerList', '%', 'query'],
    ['ImageCreate', 'fromImage=a:1&tag=2', 'tag'],
    ['ImageCreate', 'fromImage=registry.example:5000/a@sha256:00', 'fromImage'],
    ['ImageTag', 'repo=a:1&tag=1', 'tag'],
    ['ContainerStart', 'checkpoint-dir=/', 'checkpoint-dir'],
    ['ContainerKill', `signal=${'a'.repeat(5_000)}`, 'signal'],
  ])('of %s is refused: %s', (id, raw, expected) => {
    expect(field(id, raw)).toBe(expected);
  });

  it('may name a port and a tag together', () => {
    expect(read('ImageTag', 'repo=registry.example:5000/a&tag=1')).toEqual({
      repo: 'registry.example:5000/a',
      tag: '1',
    });
  });
});
