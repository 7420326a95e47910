import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ValidationRule } from 'graphql';

/**
 * Bounds on what one operation may ask, checked before anything is resolved: a deep or wide document costs its sender
 * a refusal and us nothing.
 */
export const QUERY_LIMITS = { depth: 12, aliases: 30, directives: 20, tokens: 2_000, cost: 20_000 } as const;

/** For Apollo and for operations over WebSocket alike; both parsers count tokens themselves. */
export const queryLimitRules: readonly ValidationRule[] = new ApolloArmor({
  maxDepth: { n: QUERY_LIMITS.depth, flattenFragments: true },
  maxAliases: { n: QUERY_LIMITS.aliases },
  maxDirectives: { n: QUERY_LIMITS.directives },
  costLimit: {
    maxCost: QUERY_LIMITS.cost,
    objectCost: 2,
    scalarCost: 1,
    depthCostFactor: 1.5,
    ignoreIntrospection: true,
  },
  maxTokens: { enabled: false },
  blockFieldSuggestion: { enabled: false },
}).protect().validationRules;
