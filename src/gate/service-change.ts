import type { ServiceSpec } from '../state/swarm-documents.js';

/**
 * The body of a ServiceUpdate that is made from the spec as it is: the gate reads that whole, also where the actor may not
 * see environment values, and lets nobody lose them.
 */
export class ServiceChange {
  /** @param apply makes the new spec; it must not change the one that it is given. May throw DomainErrors */
  constructor(readonly apply: (current: ServiceSpec) => ServiceSpec) {}
}
