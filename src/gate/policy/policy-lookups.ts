import { evaluate } from './evaluate.js';
import { normaliseInspect } from './normalise-container.js';
import type { PolicyContext } from './policy-context.js';

/** How many containers may hang together by shared namespaces, one by the next, before they are taken for a circle. */
const LONGEST_CHAIN = 4;

/** What a `PolicyContext` is made from: the engine's objects, as one actor may use them. */
export interface PolicyLookups extends Omit<PolicyContext, 'mayUseContainer'> {
  /**
   * ContainerInspect's answer for the container of this name, id or id prefix; undefined when there is none or the
   * actor may not use it (see it and enter it, its level aside).
   */
  container(reference: string): Promise<{ Id: string } | undefined>;
}

/**
 * A context in which another container may be used when it passes the level itself, and so may each container that it
 * shares namespaces with. Containers that refer to each other in a circle may not be used.
 */
export function policyContext(lookups: PolicyLookups, through: readonly string[] = []): PolicyContext {
  return {
    volume: (name) => lookups.volume(name),
    network: (reference) => lookups.network(reference),
    allowedRuntimes: lookups.allowedRuntimes,
    defaultCgroupNamespace: lookups.defaultCgroupNamespace,
    async mayUseContainer(reference, level) {
      const document = await lookups.container(reference);
      if (document === undefined || through.includes(document.Id) || through.length >= LONGEST_CHAIN)
        return false;
      const inner = policyContext(lookups, [...through, document.Id]);
      return (await evaluate(normaliseInspect(document), level, inner)).length === 0;
    },
  };
}
