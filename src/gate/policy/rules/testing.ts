import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.js';
import { normaliseCreate } from '../normalise-container.js';
import type { PolicyContext, VolumeFacts } from '../policy-context.js';
import type { SecurityLevel } from '../../../common/security-level.js';
import type { Rule } from './rule.js';

/** A ContainerCreate body. */
export type Body = Record<string, unknown>;

/** What a rule must let pass at its level, and what it must refuse there. */
export interface RuleCases {
  passes: Body[];
  refuses: Body[];
}

const volumes = new Map<string, VolumeFacts>([
  ['data', { driver: 'local', options: {} }],
  ['limited', { driver: 'local', options: { size: '1g' } }],
  ['memory', { driver: 'local', options: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m,uid=1000' } }],
  ['etc', { driver: 'local', options: { type: 'none', o: 'bind', device: '/etc' } }],
  ['disguised', { driver: 'local', options: { type: 'tmpfs', o: 'size=1m,bind', device: '/' } }],
  ['disk', { driver: 'local', options: { type: 'ext4', device: '/dev/sda1' } }],
  ['nfs', { driver: 'local', options: { type: 'nfs', o: 'addr=10.0.0.1', device: ':/' } }],
  ['plugin', { driver: 'sshfs', options: {} }],
]);

/** An engine with a few volumes, the host's network under its id, and an actor who may use the container `mine`. */
export const context: PolicyContext = {
  mayUseContainer: (reference) => Promise.resolve(reference === 'mine'),
  volume: (name) => Promise.resolve(volumes.get(name)),
  network: (reference) => Promise.resolve({ driver: reference === '025df3efe08e' ? 'host' : 'bridge' }),
  allowedRuntimes: ['runsc'],
  defaultCgroupNamespace: 'private',
};

export const host = (config: Record<string, unknown>): Body => ({ HostConfig: config });

/** The names of the rules that `body` breaks at `level`. */
export async function violated(body: Body, level: SecurityLevel): Promise<string[]> {
  const violations = await evaluate(normaliseCreate(body), level, context);
  return [...new Set(violations.map(({ rule }) => rule))];
}

/** Tests for each of `rules`, by its cases; each case is judged by all rules, as in the program. */
export function describeRules(rules: readonly Rule[], cases: Record<string, RuleCases>): void {
  it('each rule has its cases', () => {
    expect(Object.keys(cases)).toEqual(rules.map(({ name }) => name));
  });

  describe.each(
    rules.map(({ name, level }) => ({ name, level, ...(cases[name] ?? { passes: [], refuses: [] }) })),
  )('$name (up to $level)', ({ name, level, passes, refuses }) => {
    it.each(passes.map((body) => [JSON.stringify(body), body] as const))('lets %s pass', async (_, body) => {
      expect(await violated(body, level)).not.toContain(name);
    });

    it.each(refuses.map((body) => [JSON.stringify(body), body] as const))('refuses %s', async (_, body) => {
      expect(await violated(body, level)).toContain(name);
      expect(await violated(body, 'restricted')).toContain(name);
    });

    it('holds no longer above its level', async () => {
      const above = level === 'restricted' ? 'baseline' : 'privileged';
      for (const body of refuses) expect(await violated(body, above)).not.toContain(name);
    });
  });
}
