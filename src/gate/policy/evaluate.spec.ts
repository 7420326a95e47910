import { describe, expect, it } from '@jest/globals';
import { judge, levelNeeded } from './evaluate.js';
import { execSpec, normaliseCreate } from './normalise-container.js';
import type { PolicyContext } from './policy-context.js';

const context: PolicyContext = {
  mayUseContainer: () => Promise.resolve(false),
  volume: () => Promise.resolve(undefined),
  network: () => Promise.resolve(undefined),
  allowedRuntimes: [],
  defaultCgroupNamespace: 'private',
};

const HARDENED = { User: '1000', HostConfig: { CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] } };
const PRIVILEGED = { HostConfig: { Privileged: true, Binds: ['/:/host'] } };

describe('judging a spec', () => {
  it('lets pass what the level allows', async () => {
    await expect(judge(normaliseCreate({}), 'baseline', context)).resolves.toBeUndefined();
    await expect(judge(normaliseCreate(PRIVILEGED), 'privileged', context)).resolves.toBeUndefined();
  });

  it('refuses with every violation, rule and field', async () => {
    await expect(judge(normaliseCreate(PRIVILEGED), 'baseline', context)).rejects.toMatchObject({
      kind: 'policy_violation',
      message:
        'This container is not allowed at level baseline: HostConfig.Privileged must not be true ' +
        '(privilegedContainers); host path "/:/host" must not be mounted (hostPath)',
      errors: [
        { field: 'HostConfig.Privileged', message: 'must not be true (privilegedContainers)' },
        { field: 'HostConfig.Binds.0', message: 'host path "/:/host" must not be mounted (hostPath)' },
      ],
    });
  });

  it('keeps the list of errors short', async () => {
    const body = { HostConfig: { Binds: Array.from({ length: 1000 }, (_, index) => `/${index}:/x`) } };
    await expect(judge(normaliseCreate(body), 'baseline', context)).rejects.toMatchObject({
      errors: { length: 50 },
      message: expect.stringMatching(/^([^;]+;){4}[^;]+$/),
    });
  });

  it('fails, rather than lets pass, when a look-up fails', async () => {
    const broken = { ...context, volume: () => Promise.reject(new Error('engine away')) };
    await expect(
      judge(normaliseCreate({ HostConfig: { Binds: ['data:/x'] } }), 'baseline', broken),
    ).rejects.toThrow('engine away');
  });
});

describe('the level that a container needs', () => {
  it.each([
    ['a hardened one', HARDENED, 'restricted'],
    ['an ordinary one', {}, 'baseline'],
    ['one with the host’s files', PRIVILEGED, 'privileged'],
  ] as const)('of %s is the lowest that it passes at', async (_, body, level) => {
    expect(await levelNeeded(normaliseCreate(body), context)).toBe(level);
  });

  it('of an exec as root is above that of the container', async () => {
    const container = normaliseCreate(HARDENED);
    expect(await levelNeeded(execSpec(container, { Cmd: ['id'] }), context)).toBe('restricted');
    expect(await levelNeeded(execSpec(container, { Cmd: ['id'], User: '0' }), context)).toBe('baseline');
    expect(await levelNeeded(execSpec(container, { Cmd: ['id'], Privileged: true }), context)).toBe(
      'privileged',
    );
  });
});
