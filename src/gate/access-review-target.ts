import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permissions.js';
import { type Operation, operation as operationOf, type OperationId } from '../engine/operations/index.js';
import type { WatchedKindName } from '../state/watched-kinds.js';
import type { AccessQuestion, ReviewTargetKind } from './access-question.js';
import type { Admissions } from './admissions.js';
import type { Authoriser } from './authoriser.js';
import { type CreatedObject, createdBy } from './created-object.js';
import { INSPECT } from './reading-operations.js';
import type { Rights, ScopedObject } from './rights.js';
import { maySee, SHOWN } from './shown-objects.js';

/** The object that a question is about, as the caller sees it. */
export interface SeenObject {
  readonly kind: ReviewTargetKind;
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of an image, the repositories that the question is about. */
  readonly repositories?: readonly string[] | undefined;
  /** Whose owner is its owner too. */
  readonly belongsTo?: { readonly kind: string; readonly id: string } | undefined;
}

/**
 * Looks up what the question names, as the gate does for a caller that looks at it.
 *
 * @returns undefined for a question about no object that there is
 * @throws DomainError `not_found` for what there is not, or not for the caller; `forbidden` for who may look at none
 */
export async function seenBy(
  admissions: Admissions,
  caller: Actor,
  { engine, target }: AccessQuestion,
): Promise<SeenObject | undefined> {
  if (engine === undefined || target?.id === undefined) return undefined;
  const { kind, id } = target;
  const looking = kind === 'plugin' ? 'PluginInspect' : INSPECT[kind];
  const parameter = operationOf(looking).targetParameter?.name ?? 'id';
  const admission = await admissions.admit(caller, engine, looking, { params: { [parameter]: id } });
  const object = admission.target?.object;
  if (object) {
    const { labels, repositories, belongsTo } = object;
    return { kind, id: object.id, labels, repositories, belongsTo };
  }
  // The gate knows nothing of its kind: the engine tells whether there is one.
  await admission.connection.json(looking, admission.request);
  return { kind, id, labels: {} };
}

/** What is made by one of `operations`, as far as the question says; undefined where they make nothing. */
export function madeBy(
  operations: readonly Operation[],
  target: AccessQuestion['target'],
): CreatedObject | undefined {
  const { id, labels = {} } = target ?? {};
  const request = { body: { Labels: labels }, query: { fromImage: id, t: id, labels } };
  for (const operation of operations) {
    const made = createdBy(operation.id, request);
    if (made) return made;
  }
  return undefined;
}

const MADE_BY_NAME: readonly OperationId[] = ['ImageCreate', 'ImageBuild'];

/** Whether what is named need not be there yet. */
export function makesByName(operations: readonly Operation[]): boolean {
  return operations.some(({ id }) => MADE_BY_NAME.includes(id));
}

/**
 * The object as scopes see it. Several where one is enough: an image is looked at by whoever may look at one of its
 * repositories.
 */
export function scopedObjects(
  authoriser: Authoriser,
  actor: Actor,
  engine: string,
  seen: SeenObject,
  permission: Permission,
): ScopedObject[] {
  const { repositories, kind } = seen;
  const object = (names = repositories) => authoriser.found(actor, engine, { ...seen, repositories: names });
  const looks = kind !== 'plugin' && isSight(kind, permission);
  return looks && repositories && repositories.length > 1
    ? repositories.map((repository) => object([repository]))
    : [object()];
}

/** Whether the object does not exist for who has these rights. */
export async function isHidden(rights: Rights, seen: SeenObject, object: ScopedObject): Promise<boolean> {
  if (seen.kind === 'plugin') return false;
  const { get, list } = SHOWN[seen.kind];
  for (const sight of [get, list]) if (await maySee(rights, sight, object, seen.repositories)) return false;
  return true;
}

function isSight(kind: WatchedKindName, permission: Permission): boolean {
  const { get, list } = SHOWN[kind];
  return permission === get || permission === list;
}
