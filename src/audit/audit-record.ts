import type { Actor } from '../common/actor.js';
import type { Door, RequestContext } from '../common/request-context.js';

/**
 * `pending`: allowed and begun, its end not yet known. `interrupted`: Dockmaster stopped before its end was known, so
 * it may have happened or not. `refused`: not allowed, and not begun.
 */
export const AUDIT_OUTCOMES = ['pending', 'succeeded', 'failed', 'refused', 'interrupted'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Who can be in a record: actors, and whoever was not signed in. */
export const AUDIT_ACTOR_KINDS = ['user', 'serviceAccount', 'system', 'anonymous'] as const;
/** The ways in. */
export const AUDIT_DOORS = [
  'rest',
  'graphql',
  'engine',
  'socket',
  'certificate',
  'hook',
  'schedule',
  'system',
] as const satisfies readonly Door[];

/** What is to be recorded. Its door, request id and address are those of `requestContext()`. */
export interface AuditEntry extends RequestContext {
  /** Undefined for who is not signed in. */
  readonly actor?: Pick<Actor, 'kind' | 'id' | 'name' | 'tokenId'> | undefined;
  /** The Engine API's operation id (`ContainerStart`), or a permission (`users:create`), or `signIn` and the like. */
  readonly operation: string;
  readonly engine?: string | undefined;
  /** `container`, `user`, … */
  readonly targetKind?: string | undefined;
  readonly targetId?: string | undefined;
  readonly targetName?: string | undefined;
  /** What else it is about: the new name of what is renamed, the container that a network is connected to. */
  readonly otherId?: string | undefined;
  readonly otherName?: string | undefined;
}

/** Ids that are known only with the outcome: those of what was made. */
export type MadeIds = Pick<AuditEntry, 'targetId' | 'otherId'>;
