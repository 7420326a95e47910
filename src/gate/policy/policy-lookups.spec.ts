import { describe, expect, it } from '@jest/globals';
import { policyContext, type PolicyLookups } from './policy-lookups.js';

interface Host {
  PidMode?: string;
  Binds?: string[];
}

/** An engine of these containers, all of them the actor's. */
function engineOf(containers: Record<string, Host>): PolicyLookups {
  return {
    container: (reference) => {
      const host = containers[reference];
      const mounts = (host?.Binds ?? []).map((bind) => ({ Type: 'bind', Source: bind, Destination: '/x' }));
      return Promise.resolve(host && { Id: reference, Config: {}, HostConfig: host, Mounts: mounts });
    },
    volume: () => Promise.resolve(undefined),
    network: () => Promise.resolve(undefined),
    allowedRuntimes: [],
    defaultCgroupNamespace: 'private',
  };
}

describe('using another container', () => {
  it('is open when that container passes at the level itself', async () => {
    const context = policyContext(engineOf({ plain: {} }));
    expect(await context.mayUseContainer('plain', 'baseline')).toBe(true);
    expect(await context.mayUseContainer('plain', 'restricted')).toBe(false);
  });

  it('is closed when there is none, or none that the actor may use', async () => {
    expect(await policyContext(engineOf({})).mayUseContainer('hidden', 'baseline')).toBe(false);
  });

  it('is closed when that container is above the level, directly or by one that it joins', async () => {
    const context = policyContext(engineOf({ top: { Binds: ['/'] }, joins: { PidMode: 'container:top' } }));
    expect(await context.mayUseContainer('top', 'baseline')).toBe(false);
    expect(await context.mayUseContainer('joins', 'baseline')).toBe(false);
    expect(await context.mayUseContainer('joins', 'privileged')).toBe(true);
  });

  it('is closed, and comes to an end, when containers refer to each other in a circle', async () => {
    const context = policyContext(engineOf({ a: { PidMode: 'container:b' }, b: { PidMode: 'container:a' } }));
    expect(await context.mayUseContainer('a', 'baseline')).toBe(false);
  });

  it('follows a chain, but not without end', async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `c${index}`,
          index === 0 ? {} : { PidMode: `container:c${index - 1}` },
        ]),
      );
    expect(await policyContext(engineOf(chain(4))).mayUseContainer('c3', 'baseline')).toBe(true);
    expect(await policyContext(engineOf(chain(5))).mayUseContainer('c4', 'baseline')).toBe(false);
  });
});
