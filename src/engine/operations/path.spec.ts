import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import { ALL_OPERATIONS, operation, pathOf, type OperationId } from './index.js';

const CONTAINER_ID = '4f66ad9a0b2e6a1d7f3c5b8e9d0a1c2b3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b';

function refusal(id: OperationId, params: Record<string, string>): DomainError {
  try {
    const path = pathOf(operation(id), params);
    throw new Error(`expected a refusal, got ${path}`);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

describe('the path of an operation', () => {
  it('is the template where there is no parameter', () => {
    expect(pathOf(operation('ContainerList'))).toBe('/containers/json');
  });

  it('holds an id, a name or an exec id in its place', () => {
    expect(pathOf(operation('ContainerStart'), { id: CONTAINER_ID })).toBe(
      `/containers/${CONTAINER_ID}/start`,
    );
    expect(pathOf(operation('ContainerInspect'), { id: 'web_1.a-b' })).toBe('/containers/web_1.a-b/json');
    expect(pathOf(operation('ExecStart'), { id: 'ab12' })).toBe('/exec/ab12/start');
  });

  it('ignores values that its template has no place for', () => {
    expect(pathOf(operation('SystemInfo'), { id: '../x' })).toBe('/info');
  });

  it('names the field at fault, and does not repeat the value', () => {
    const error = refusal('ContainerInspect', { id: 'a b<script>' });
    expect(error.kind).toBe('invalid_input');
    expect(error.errors).toEqual([{ field: 'id', message: expect.stringContaining('must be letters') }]);
    expect(error.message).not.toContain('script');
  });
});

describe('a hostile parameter', () => {
  const hostileToAll: [label: string, value: string][] = [
    ['nothing', ''],
    ['the folder itself', '.'],
    ['the folder above', '..'],
    ['a way up', '../images/json'],
    ['a way up at the end', 'a/..'],
    ['a separator at the start', '/a'],
    ['two separators', 'a//b'],
    ['a backslash', 'a\\b'],
    ['10 kB', 'a'.repeat(10_240)],
    ['NUL', 'a\0b'],
    ['a line break', 'a\r\nHost: other'],
    ['half of a surrogate pair', 'a\ud800'],
  ];
  const withParameter = ALL_OPERATIONS.filter(({ targetParameter }) => targetParameter?.in === 'path');

  it.each(hostileToAll)('is refused by every operation that takes one: %s', (_, value) => {
    for (const { id, targetParameter } of withParameter) {
      expect(refusal(id, { [targetParameter?.name ?? '']: value }).kind).toBe('invalid_input');
    }
    expect(withParameter.length).toBeGreaterThan(50);
  });

  it('is refused when it is missing', () => {
    expect(refusal('ContainerInspect', {}).errors).toEqual([{ field: 'id', message: 'must not be empty' }]);
    expect(refusal('ImageInspect', { id: 'busybox' }).errors[0]?.field).toBe('name');
  });

  it.each(['a/b', 'x/logs', 'a?b', 'a b', 'a#b', '%2e', '%2e%2e', 'a%2fb', 'a;b', '-a', '.a', 'ａ'])(
    'is refused as an id: %s',
    (value) => {
      expect(refusal('ContainerInspect', { id: value }).kind).toBe('invalid_input');
      expect(refusal('ServiceInspect', { id: value }).kind).toBe('invalid_input');
      expect(refusal('ExecInspect', { id: value }).kind).toBe('invalid_input');
    },
  );

  it.each(['a?b', 'a b', 'a#b', '%2e', 'a%2fb', 'a;b=c'])(
    'is encoded in the name of a volume: %s',
    (value) => {
      const path = pathOf(operation('VolumeInspect'), { name: value });
      const url = new URL(path, 'http://engine');
      expect([url.pathname, url.search, url.hash]).toEqual([path, '', '']);
      expect(decodeURIComponent(path)).toBe(`/volumes/${value}`);
    },
  );

  it('is refused as the name of a volume or network when it holds a separator', () => {
    expect(refusal('VolumeInspect', { name: 'a/b' }).kind).toBe('invalid_input');
    expect(refusal('NetworkInspect', { id: 'a/b' }).kind).toBe('invalid_input');
  });

  it.each(['a?b', 'a b', 'a#b', '%2e', 'a%2fb', 'a/../b', './a', 'a/', 'a;b', 'ä'])(
    'is refused as an image reference: %s',
    (value) => {
      expect(refusal('ImageInspect', { name: value }).kind).toBe('invalid_input');
      expect(refusal('PluginInspect', { name: value }).kind).toBe('invalid_input');
    },
  );
});

describe('an image reference', () => {
  it.each([
    'busybox',
    'busybox:1.36.1-musl',
    'registry.example:5000/team/app:v1',
    'app@sha256:9c7a54a9a43cca047013b82af109fe963fde787f63f9e016fdc3384500c2823d',
    'sha256:9c7a54a9a43cca047013b82af109fe963fde787f63f9e016fdc3384500c2823d',
  ])('is part of the path as it is: %s', (name) => {
    expect(pathOf(operation('ImageHistory'), { name })).toBe(`/images/${name}/history`);
  });

  it('may have an IPv6 host, whose brackets are encoded', () => {
    expect(pathOf(operation('DistributionInspect'), { name: '[::1]:5000/app' })).toBe(
      '/distribution/%5B::1%5D:5000/app/json',
    );
  });

  it('may be as long as its longest name, tag and digest', () => {
    const name = `${'a'.repeat(255)}:${'b'.repeat(128)}@sha512:${'c'.repeat(128)}`;
    expect(pathOf(operation('ImageDelete'), { name })).toBe(`/images/${name}`);
    expect(refusal('ImageDelete', { name: `${name}c` }).kind).toBe('invalid_input');
  });
});
