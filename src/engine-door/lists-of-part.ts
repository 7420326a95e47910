import { DomainError } from '../common/errors.js';
import type { OperationId } from '../gate/operations.js';
import type { DoorCall } from './door-call.js';
import { filtersOf, withFilters } from './filters.js';

type Kind = 'container' | 'image' | 'task' | 'service' | 'node';

/** Filters that name another object, by which the engine would tell whether there is one, and of which kind that is. */
const LISTS: Readonly<
  Partial<Record<OperationId, { readonly of: Kind; readonly naming: Readonly<Record<string, Kind>> }>>
> = {
  ContainerList: { of: 'container', naming: { before: 'container', since: 'container' } },
  ImageList: { of: 'image', naming: { before: 'image', since: 'image' } },
  TaskList: { of: 'task', naming: { service: 'service', node: 'node' } },
};

/**
 * The list for who sees some of the objects only: counted after it is cut, and compared with nothing that is hidden.
 *
 * @returns undefined for what is no such list, and for who sees all
 * @throws DomainError `not_found` for a filter that names what the actor may not see
 */
export async function listOfPart({ engine, operation, request }: DoorCall): Promise<unknown> {
  const list = LISTS[operation.id];
  if (!list) return undefined;
  const seesAll = async (kind: Kind) => engine.mayAlways(`${kind}s:list`);
  const { limit, ...query } = request.query ?? {};
  const filters = new Map(filtersOf(query));
  const hidden = new Map<string, Kind>();
  for (const [name, kind] of Object.entries(list.naming)) if (!(await seesAll(kind))) hidden.set(name, kind);
  if (hidden.size === 0 && (await seesAll(list.of))) return undefined;
  for (const [name, kind] of hidden) {
    const ids: string[] = [];
    for (const reference of filters.get(name) ?? [])
      ids.push(idOf((await engine.object(kind, reference)).document));
    if (ids.length > 0) filters.set(name, ids);
  }
  const most = Number(limit ?? 0);
  // To the engine, a number of the last ones means of all, also of those that do not run.
  const wanted = withFilters(most > 0 ? { ...query, all: true } : query, filters);
  const { body } = await engine.json<readonly unknown[]>(operation.id, { ...request, query: wanted });
  return most > 0 ? body.slice(0, most) : body;
}

function idOf(document: object): string {
  const { Id, ID = Id } = document as { Id?: string; ID?: string };
  if (ID === undefined) throw new DomainError('internal', 'A document without an id');
  return ID;
}
