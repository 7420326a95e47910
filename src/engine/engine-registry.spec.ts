import { describe, expect, it } from '@jest/globals';
import { parseEngineAddress } from './engine-address.js';
import { EngineRegistry } from './engine-registry.js';

const address = parseEngineAddress('unix:///nowhere/docker.sock');

describe('the engine registry', () => {
  it('gives an engine by its name', async () => {
    const registry = new EngineRegistry([
      { name: 'local', address },
      { name: 'far', address },
    ]);

    expect(registry.names()).toEqual(['local', 'far']);
    expect(registry.get('far').name).toBe('far');
    expect(registry.get('far')).toBe(registry.get('far'));
    await registry.close();
  });

  it('knows no other engine', () => {
    expect(() => new EngineRegistry([]).get('local')).toThrow(
      expect.objectContaining({ kind: 'not_found', message: 'No such engine: local' }),
    );
  });

  it('takes no name twice', () => {
    const twice = [
      { name: 'local', address },
      { name: 'local', address },
    ];
    expect(() => new EngineRegistry(twice)).toThrow(/two engines named "local"/);
  });

  it('closes every engine', async () => {
    const registry = new EngineRegistry([{ name: 'local', address }]);
    const connection = registry.get('local');

    await registry.close();

    await expect(connection.ping()).rejects.toMatchObject({
      message: 'Engine "local" is no longer connected.',
    });
  });

  it('tells of engines that come and go, and closes those that go', async () => {
    const registry = new EngineRegistry([{ name: 'local', address }]);
    const changes: string[] = [];
    registry.onChange(({ kind, name }) => changes.push(`${kind} ${name} of ${registry.names().join()}`));

    registry.add({ name: 'far', address });
    const far = registry.get('far');
    await registry.remove('far');
    await registry.remove('never there');

    expect(changes).toEqual(['added far of local,far', 'removed far of local']);
    await expect(far.ping()).rejects.toMatchObject({ message: 'Engine "far" is no longer connected.' });
    expect(() => registry.get('far')).toThrow('No such engine: far');
    await registry.close();
  });

  it('keeps an engine that cannot be used, and says why to whoever calls it', async () => {
    const registry = new EngineRegistry([]);
    registry.add({ name: 'broken', unusable: 'its key is lost' });

    await expect(registry.get('broken').json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: 'Engine "broken" cannot be used: its key is lost',
    });
    await registry.close();
  });
});
