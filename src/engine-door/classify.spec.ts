import { describe, expect, it } from '@jest/globals';
import { ALL_OPERATIONS, type Operation } from '../gate/operations.js';
import { classify } from './classify.js';

const parameterOf = ({ targetParameter }: Operation) =>
  targetParameter?.in === 'path' ? targetParameter.name : undefined;
const kindOf = (method: string, target: string): string => {
  try {
    return classify(method, target).operation.id;
  } catch (error) {
    return (error as { kind: string }).kind;
  }
};

describe('a request at the door', () => {
  it.each(ALL_OPERATIONS.map((operation) => [operation.id, operation] as const))(
    'can be %s',
    (id, operation) => {
      const target = operation.path.replace(/\{\w+\}/, 'thing');
      for (const version of ['', '/v1.24', '/v1.41']) {
        const found = classify(operation.method, `${version}${target}?a=b`);
        expect(found.operation.id).toBe(id);
        expect(found.query).toBe('a=b');
        const parameter = parameterOf(operation);
        expect(found.params).toEqual(parameter === undefined ? {} : { [parameter]: 'thing' });
      }
    },
  );

  it.each([
    ['GET', '/images/a/b:c/json', 'ImageInspect', 'a/b:c'],
    [
      'GET',
      '/images/registry.example:5000/a/b@sha256:0a/json',
      'ImageInspect',
      'registry.example:5000/a/b@sha256:0a',
    ],
    ['GET', '/images/app%40sha256:0a/json', 'ImageInspect', 'app@sha256:0a'],
    ['GET', '/images/sha256%3A0a/json', 'ImageInspect', 'sha256:0a'],
    ['GET', '/images/json/json', 'ImageInspect', 'json'],
    ['GET', '/images/a/json/json', 'ImageInspect', 'a/json'],
    ['GET', '/images/a/get/history', 'ImageHistory', 'a/get'],
    ['GET', '/images/a/json/get', 'ImageGet', 'a/json'],
    ['DELETE', '/images/a/b/json', 'ImageDelete', 'a/b/json'],
    ['POST', '/images/a/create/tag', 'ImageTag', 'a/create'],
    ['GET', '/distribution/a/b/json', 'DistributionInspect', 'a/b'],
    ['POST', '/plugins/vieux/sshfs:latest/enable', 'PluginEnable', 'vieux/sshfs:latest'],
    ['GET', '/volumes/v1.0', 'VolumeInspect', 'v1.0'],
    ['GET', '/volumes/a%20b', 'VolumeInspect', 'a b'],
    ['GET', '/volumes/a%25b', 'VolumeInspect', 'a%b'],
    ['GET', '/networks/%C3%A4', 'NetworkInspect', 'ä'],
  ])('names things that are not plain: %s %s', (method, target, id, name) => {
    const { operation, params } = classify(method, `/v1.41${target}`);
    expect([operation.id, Object.values(params)]).toEqual([id, [name]]);
  });

  it('tells the version that it is in, or none', () => {
    expect(classify('GET', '/v1.41/info').minorVersion).toBe(41);
    expect(classify('GET', '/v1.0/info').minorVersion).toBe(0);
    expect(classify('GET', '/info').minorVersion).toBeUndefined();
  });

  it.each([
    ['GET', '/images/json', 'ImageList'],
    ['GET', '/images/get', 'ImageGetAll'],
    ['GET', '/images/search', 'ImageSearch'],
    ['GET', '/plugins/privileges', 'GetPluginPrivileges'],
    ['POST', '/plugins/pull', 'PluginPull'],
    ['HEAD', '/_ping', 'SystemPingHead'],
    ['HEAD', '/containers/a/archive', 'ContainerArchiveInfo'],
    ['HEAD', '/info', 'not_found'],
    ['get', '/info', 'not_found'],
    ['GET', '/v1.41/v1.41/info', 'not_found'],
    ['GET', '/v01.41/info', 'not_found'],
    ['GET', '/v1.41/images//json', 'invalid_input'],
    ['GET', '/v1.41/images/%2e%2e/json', 'invalid_input'],
    ['GET', '/v1.41/info/', 'invalid_input'],
    ['GET', 'http://x/info', 'invalid_input'],
    ['GET', '*', 'invalid_input'],
    ['GET', `/${'a'.repeat(70_000)}`, 'invalid_input'],
  ])('%s %s is %s', (method, target, outcome) => {
    expect(kindOf(method, target)).toBe(outcome);
  });

  it('is looked up in time that grows with its length only', () => {
    const started = performance.now();
    for (const piece of ['/json', '%20', 'a/', '%2', '..']) kindOf('GET', `/images/${piece.repeat(10_000)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
