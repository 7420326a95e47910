import { Injectable } from '@nestjs/common';
import { toPermissionPatterns } from '../access/permission-patterns.js';
import { subjectKey, SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { toEpochMs } from '../common/date-time.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import type { Permission, PermissionPattern } from '../common/permissions.js';
import { type ActorGate, Gate } from '../gate/gate.js';
import { requireOver } from '../identity/subject-change.js';
import { narrow } from '../identity/token-limits.js';
import type { CreateDoorwayInput, UpdateDoorwayInput } from './doorway.inputs.js';
import type { DoorwayKind, SocketFile, StoredDoorway } from './doorway.js';
import { DoorwayStore } from './doorway-store.js';

/** One with the name of whom it stands for; undefined where that is gone. */
export interface NamedDoorway {
  readonly stored: StoredDoorway;
  readonly subjectName: string | undefined;
}

/** What only one of the kinds has. */
export interface OfItsKind {
  readonly file: SocketFile | null;
  readonly certificate: string | null;
}

const RESOURCES = {
  scopedSocket: 'scopedSockets',
  clientCertificate: 'clientCertificates',
} as const satisfies Record<DoorwayKind, string>;
type Verb = 'list' | 'get' | 'create' | 'update' | 'delete';

/**
 * Scoped sockets and client certificates, for who may manage them. Whoever lets one stand for somebody may act as that
 * somebody from then on, so it takes all rights that the subject has, also for a change.
 */
@Injectable()
export class DoorwayManagement {
  constructor(
    private readonly gate: Gate,
    private readonly store: DoorwayStore,
    private readonly subjects: SubjectsService,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `forbidden` without the permission */
  async all(actor: Actor, kind: DoorwayKind): Promise<NamedDoorway[]> {
    await this.gate.as(actor).require(permission(kind, 'list'));
    const all = await this.store.all(kind);
    const names = await this.subjects.findMany(all.map(({ subject }) => subject));
    return all.map((stored) => ({ stored, subjectName: names.get(subjectKey(stored.subject))?.name }));
  }

  /** @throws DomainError `forbidden` without the permission; `not_found` */
  async get(actor: Actor, kind: DoorwayKind, id: string): Promise<NamedDoorway> {
    await this.gate.as(actor).require(permission(kind, 'get'));
    return this.named(await this.store.get(kind, id));
  }

  /**
   * @param check of what only one of the kinds has; called once it is known that the actor may
   * @throws DomainError `forbidden` without the permission, for a subject that may do more than the actor, and for
   *   limits wider than those of the token in use; `invalid_input`; `conflict` for a name that is taken
   */
  async create(
    actor: Actor,
    kind: DoorwayKind,
    input: CreateDoorwayInput,
    { dryRun }: DryRunQuery,
    check: () => OfItsKind | Promise<OfItsKind>,
  ): Promise<NamedDoorway> {
    const gate = this.gate.as(actor);
    const operation = permission(kind, 'create');
    await gate.require(operation);
    const { name, description = '', engine, subject } = input;
    const known = await this.subjects.find(subject);
    if (!known) throw invalid('subject.id', 'must be somebody that there is');
    await requireOver(gate, operation, subject);
    await requireEngine(gate, engine);
    const target = { kind, name };
    const permissions = input.permissions && toPermissionPatterns(input.permissions);
    const limits = await within(gate, operation, target, () =>
      narrow({ permissions, engines: [engine] }, actor.limits),
    );
    const expiresAt = this.endOf(actor, input.expiresAt);
    const special = await check();
    const stored = await changeOrDryRun(gate, { dryRun, operation, target }, () =>
      this.store.create(
        {
          kind,
          name,
          description,
          subject: { kind: subject.kind, id: subject.id },
          engine,
          permissions: limits.permissions ?? null,
          expiresAt,
          ...special,
          parentId: actor.tokenId,
        },
        { dryRun: dryRun ?? false },
      ),
    );
    return { stored, subjectName: known.name };
  }

  /**
   * @param check gives the file of a scoped socket that changes; undefined: it stays
   * @throws DomainError `forbidden` as for making it; `not_found`; `invalid_input`; `conflict`
   */
  async update(
    actor: Actor,
    kind: DoorwayKind,
    id: string,
    input: UpdateDoorwayInput,
    check: (known: StoredDoorway) => SocketFile | undefined | Promise<SocketFile | undefined> = () =>
      undefined,
  ): Promise<NamedDoorway> {
    const gate = this.gate.as(actor);
    const operation = permission(kind, 'update');
    await gate.require(operation);
    const known = await this.store.get(kind, id);
    await requireOver(gate, operation, known.subject);
    const target = { kind, id, name: known.name };
    const permissions = input.permissions && toPermissions(input.permissions);
    await within(gate, operation, target, () =>
      narrow(
        {
          permissions: (permissions === undefined ? known.permissions : permissions) ?? ['*:*'],
          engines: [known.engine],
        },
        actor.limits,
      ),
    );
    const expiresAt = input.expiresAt === undefined ? undefined : this.endOf(actor, input.expiresAt);
    const file = await check(known);
    const { description, disabled } = input;
    const stored = await gate.change(operation, target, () =>
      this.store.update(known, { description, disabled, permissions, expiresAt, file }),
    );
    return this.named(stored);
  }

  /** @throws DomainError `forbidden` without the permission; `not_found` */
  async delete(actor: Actor, kind: DoorwayKind, id: string): Promise<void> {
    const gate = this.gate.as(actor);
    const operation = permission(kind, 'delete');
    await gate.require(operation);
    const known = await this.store.get(kind, id);
    await gate.change(operation, { kind, id, name: known.name }, () => this.store.delete(known));
  }

  private async named(stored: StoredDoorway): Promise<NamedDoorway> {
    return { stored, subjectName: (await this.subjects.find(stored.subject))?.name };
  }

  /** What is made with an API token does not outlive it. */
  private endOf(actor: Actor, asked: string | undefined): number | null {
    const latest = actor.tokenId === undefined ? undefined : actor.expiresAt;
    if (asked === undefined) return latest ?? null;
    const end = toEpochMs('expiresAt', asked);
    if (end <= this.clock.now()) throw invalid('expiresAt', 'must be in the future');
    if (latest !== undefined && end > latest)
      throw invalid('expiresAt', 'must not be after the end of the API token in use');
    return end;
  }
}

function permission(kind: DoorwayKind, verb: Verb): Permission {
  return `${RESOURCES[kind]}:${verb}`;
}

/** The empty list takes the limits away. */
function toPermissions(texts: readonly string[]): readonly PermissionPattern[] | null {
  return texts.length === 0 ? null : toPermissionPatterns(texts);
}

async function requireEngine(gate: ActorGate, engine: string): Promise<void> {
  const known = await gate.engines();
  if (!known.some(({ name }) => name === engine)) throw invalid('engine', 'must be an engine that there is');
}

/** Limits wider than those of the token in use are refused, which is on record. */
async function within<T>(
  gate: ActorGate,
  operation: Permission,
  target: { kind: string; id?: string; name?: string },
  decide: () => T,
): Promise<T> {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError) await gate.refused(operation, target, error);
    throw error;
  }
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
