import { namedMatcher } from '../swarm/named-matcher.js';
import type { NodeFilter } from './node-list.inputs.js';
import type { Node } from './node.model.js';

/**
 * Whether a node meets every filter given.
 *
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function nodeMatcher({ role, availability, state, leader, ...named }: NodeFilter) {
  const isNamed = namedMatcher(named);
  return (node: Node): boolean =>
    isNamed(node) &&
    (role === undefined || node.role === role) &&
    (availability === undefined || availability.some((wanted) => wanted === node.availability)) &&
    (state === undefined || state.some((wanted) => wanted === node.state)) &&
    (leader === undefined || node.leader === leader);
}
