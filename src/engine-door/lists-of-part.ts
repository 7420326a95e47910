import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { EngineHandle, WatchedKindName } from '../gate/engine-handle.js';
import type { DoorCall } from './door-call.js';
import { filtersOf, requireFilters, withFilters } from './filters.js';
import { LIST_FILTERS, type ListFilters } from './list-filters.js';

/**
 * The list for who sees some of the objects only, or not all that a filter looks at: counted after it is cut, and by nothing
 * that is hidden.
 *
 * @returns undefined for what is no such list, and for who sees all that it takes
 * @throws DomainError `not_found` for a filter that names what the actor may not see; `forbidden` for one that looks at objects
 *   of a kind of which it may see none; `invalid_input`, in the engine's own words, for one that is not known here
 */
export async function listOfPart({ engine, operation, request }: DoorCall): Promise<unknown> {
  const list = LIST_FILTERS[operation.id];
  if (!list) return undefined;
  const { limit, ...query } = request.query ?? {};
  const filters = new Map(filtersOf(query));
  const seesAll = await engine.mayAlways(listing(list.of));
  const given = await withinSight(engine, list, [...filters.keys()]);
  if (seesAll && given.isWhole) return undefined;
  requireFilters(filters, knownOf(list));

  for (const [name, { kind, mayBeMissing = false }] of given.naming) {
    const references = filters.get(name) ?? [];
    const ids = await idsOf(engine, kind, references, mayBeMissing);
    if (ids.length === 0 && references.length > 0) return [];
    filters.set(name, ids);
  }
  const keeping = await Promise.all(
    given.further.map(([name, { keeps }]) => keeps(engine, filters.get(name) ?? [])),
  );
  for (const [name] of given.further) filters.delete(name);

  const most = Number(limit ?? 0);
  // To the engine, a number of the last ones means of all, also of those that do not run.
  const wanted = withFilters(most > 0 ? { ...query, all: true } : query, filters);
  const { body } = await engine.json<unknown>(operation.id, { ...request, query: wanted });
  return inList(body, (documents) => {
    const kept = documents.filter((document) => keeping.every((keeps) => keeps(document)));
    return most > 0 ? kept.slice(0, most) : kept;
  });
}

/** The filters given that look at what the actor does not see all of. */
async function withinSight(engine: EngineHandle, list: ListFilters, given: readonly string[]) {
  const may = async (permissions: readonly Permission[]) =>
    (await Promise.all(permissions.map((permission) => engine.mayAlways(permission)))).every(Boolean);
  const naming: [string, NonNullable<ListFilters['naming']>[string]][] = [];
  const further: [string, NonNullable<ListFilters['further']>[string]][] = [];
  for (const entry of Object.entries(list.naming ?? {}))
    if (given.includes(entry[0]) && !(await may([listing(entry[1].kind)]))) naming.push(entry);
  for (const entry of Object.entries(list.further ?? {}))
    if (given.includes(entry[0]) && !(await may(entry[1].needs))) further.push(entry);
  // What is not known may look at anything.
  const strange = given.some((name) => !knownOf(list).includes(name)) && !(await may(allOf(list)));
  return { naming, further, isWhole: naming.length === 0 && further.length === 0 && !strange };
}

function knownOf({ own, naming = {}, further = {} }: ListFilters): string[] {
  return [...own, ...Object.keys(naming), ...Object.keys(further)];
}

function allOf({ naming = {}, further = {} }: ListFilters): Permission[] {
  return [
    ...Object.values(naming).map(({ kind }) => listing(kind)),
    ...Object.values(further).flatMap(({ needs }) => needs),
  ];
}

function listing(kind: WatchedKindName): Permission {
  return `${kind}s:list`;
}

async function idsOf(
  engine: EngineHandle,
  kind: WatchedKindName,
  references: readonly string[],
  mayBeMissing: boolean,
): Promise<string[]> {
  const ids: string[] = [];
  for (const reference of references) {
    try {
      ids.push(idOf((await engine.object(kind, reference)).document));
    } catch (error) {
      const isMissing = error instanceof DomainError && error.kind === 'not_found';
      if (!isMissing || !mayBeMissing) throw error;
    }
  }
  return ids;
}

function idOf(document: object): string {
  const { Id, ID = Id } = document as { Id?: string; ID?: string };
  if (ID === undefined) throw new DomainError('internal', 'A document without an id');
  return ID;
}

/** Volumes are listed within a document, all others as an array. */
function inList(body: unknown, change: (documents: readonly unknown[]) => readonly unknown[]): unknown {
  if (Array.isArray(body)) return change(body);
  const { Volumes } = body as { Volumes: readonly unknown[] };
  return { ...(body as object), Volumes: change(Volumes) };
}
