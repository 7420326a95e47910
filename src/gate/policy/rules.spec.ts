import { describe, expect, it } from '@jest/globals';
import { evaluate } from './evaluate.js';
import { normaliseCreate } from './normalise-container.js';
import { RULES } from './rules.js';
import { context, host, violated } from './rules/testing.js';

describe('the table of rules', () => {
  it('names each rule once', () => {
    const names = RULES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets an ordinary container pass at baseline', async () => {
    const published = { PortBindings: { '80/tcp': [{ HostPort: '80' }] }, RestartPolicy: { Name: 'always' } };
    expect(await violated({ Image: 'alpine', Cmd: ['sh'], HostConfig: published }, 'baseline')).toEqual([]);
    expect(await violated({}, 'baseline')).toEqual([]);
  });

  it('lets a hardened container pass at restricted', async () => {
    const hardened = { CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] };
    expect(await violated({ User: '1000', HostConfig: hardened }, 'restricted')).toEqual([]);
  });
});

describe('an engine whose default cgroup namespace is the host’s', () => {
  const engine = { ...context, defaultCgroupNamespace: 'host' } as const;

  it('does not hold it against a container, for all have it', async () => {
    expect(await evaluate(normaliseCreate(host({ CgroupnsMode: 'host' })), 'baseline', engine)).toEqual([]);
  });

  it('holds every other host namespace against it', async () => {
    expect(await evaluate(normaliseCreate(host({ PidMode: 'host' })), 'baseline', engine)).toHaveLength(1);
  });
});

describe('a violation', () => {
  it('names the field and shows no more than the beginning of a long value', async () => {
    const body = host({ Binds: [`/${'a'.repeat(10_000)}:/x`] });
    const [violation] = await evaluate(normaliseCreate(body), 'baseline', context);
    expect(violation).toMatchObject({ rule: 'hostPath', field: 'HostConfig.Binds.0' });
    expect(violation?.message.length).toBeLessThan(200);
  });
});
