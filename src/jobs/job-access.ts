import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { type Permission, permissionMatches } from '../common/permissions.js';
import { Gate, type PermissionReach } from '../gate/gate.js';

type JobPermission = Extract<Permission, `jobs:${string}`>;

/** Which jobs an actor may see, or do something with. */
export interface JobSight {
  /** All jobs on these engines, whoever started them. */
  readonly reach: PermissionReach;
  readonly own: OwnJobs;
}

/** Jobs that the actor started itself. */
export interface OwnJobs {
  readonly kind: Actor['kind'];
  readonly id: string;
  /** Where the actor came with a token that is limited: those that were started with it, and those on the engines that it names. */
  readonly limited?: { readonly tokenId: string | null; readonly engines: readonly string[] };
}

/** What of a job decides who may see it. */
export interface OwnedJob {
  readonly engine: string | null;
  readonly created_by_kind: Actor['kind'];
  readonly created_by_id: string;
  readonly token_id: string | null;
}

/**
 * Who may see which jobs: who started one, and who holds the permission for everything on its engine (or, for a job on no engine,
 * for everything everywhere). A grant within a scope, such as a label selector, gives no more than one's own jobs.
 */
@Injectable()
export class JobAccess {
  constructor(private readonly gate: Gate) {}

  async sight(actor: Actor, permission: JobPermission): Promise<JobSight> {
    return { reach: await this.gate.as(actor).reach(permission), own: ownJobs(actor, permission) };
  }

  async may(actor: Actor, permission: JobPermission, job: OwnedJob): Promise<boolean> {
    return isWithin(await this.sight(actor, permission), job);
  }
}

/** Whether the actor started it, whatever token it came with. */
export function isOwn({ kind, id }: Pick<Actor, 'kind' | 'id'>, job: OwnedJob): boolean {
  return job.created_by_kind === kind && job.created_by_id === id;
}

export function isWithin({ reach, own }: JobSight, job: OwnedJob): boolean {
  if (reach.everywhere) return true;
  if (job.engine !== null && reach.engines.includes(job.engine)) return true;
  if (!isOwn(own, job)) return false;
  const { limited } = own;
  if (!limited) return true;
  if (limited.tokenId !== null && job.token_id === limited.tokenId) return true;
  return limited.engines.includes('*') || (job.engine !== null && limited.engines.includes(job.engine));
}

/** A token that is limited shows no more of its owner's jobs than its limits do, but for those that it started. */
export function ownJobs({ kind, id, tokenId, limits }: Actor, permission: JobPermission): OwnJobs {
  if (!limits) return { kind, id };
  const permits = limits.permissions?.some((pattern) => permissionMatches(pattern, permission)) !== false;
  return {
    kind,
    id,
    limited: { tokenId: tokenId ?? null, engines: permits ? (limits.engines ?? ['*']) : [] },
  };
}
