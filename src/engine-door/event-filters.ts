import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { DoorCall } from './door-call.js';
import { filtersOf } from './filters.js';

/** Filters of events that look at what is taken out of the events themselves, and what it takes to read that. */
const HIDDEN: readonly { filter: string; value: RegExp; needs: Permission; what: string }[] = [
  {
    filter: 'event',
    value: /^exec_\w+:/,
    needs: 'containers:readEnvironment',
    what: 'the command of an exec',
  },
  {
    filter: 'label',
    value: /^container=/,
    needs: 'containers:list',
    what: 'the container of another object',
  },
];

/** @throws DomainError `forbidden` for a filter by which the engine would tell what the actor's events do not */
export async function requireReadableFilters({ engine, request }: DoorCall): Promise<void> {
  const filters = filtersOf(request.query ?? {});
  for (const { filter, value, needs, what } of HIDDEN) {
    if (!filters.get(filter)?.some((text) => value.test(text)) || (await engine.mayAlways(needs))) continue;
    throw new DomainError('forbidden', `You need the permission ${needs} on all to filter by ${what}`);
  }
}
