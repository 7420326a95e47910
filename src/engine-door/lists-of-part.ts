import type { DoorCall } from './door-call.js';
import { filtersOf, withFilters } from './filters.js';

/** Filters that name another object, by which the engine would tell whether there is one. */
const NAMING = ['before', 'since'];

/**
 * The list for who sees some of the objects only: counted after it is cut, and compared with nothing that is hidden.
 *
 * @returns undefined for what is no such list, and for who sees all
 * @throws DomainError `not_found` for a filter that names what the actor may not see
 */
export async function listOfPart({ engine, operation, request }: DoorCall): Promise<unknown> {
  const kind =
    operation.id === 'ContainerList' ? 'container' : operation.id === 'ImageList' ? 'image' : undefined;
  const { limit, ...query } = request.query ?? {};
  if (kind === undefined || (await engine.mayAlways(`${kind}s:list`))) return undefined;
  const filters = new Map(filtersOf(query));
  for (const name of NAMING) {
    const ids: string[] = [];
    for (const reference of filters.get(name) ?? [])
      ids.push(((await engine.object(kind, reference)).document as { Id: string }).Id);
    if (ids.length > 0) filters.set(name, ids);
  }
  const most = Number(limit ?? 0);
  // To the engine, a number of the last ones means of all, also of those that do not run.
  const wanted = withFilters(most > 0 ? { ...query, all: true } : query, filters);
  const { body } = await engine.json<readonly unknown[]>(operation.id, { ...request, query: wanted });
  return most > 0 ? body.slice(0, most) : body;
}
