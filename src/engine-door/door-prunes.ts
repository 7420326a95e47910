import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { OperationId } from '../gate/operations.js';
import type { PruneItem } from '../system/prune.model.js';
import type { PruneKind } from '../system/prune.inputs.js';
import { PruneService } from '../system/prune.service.js';
import type { DoorCall } from './door-call.js';
import { filtersOf, requireFilters } from './filters.js';

interface Prune {
  readonly kind: Exclude<PruneKind, 'buildCache'>;
  readonly permissions: readonly Permission[];
  readonly filters: readonly string[];
  /** What went, as the engine tells it. */
  readonly told: (items: readonly PruneItem[]) => object;
}

const PRUNES: Readonly<Partial<Record<OperationId, Prune>>> = {
  ContainerPrune: {
    kind: 'containers',
    permissions: ['containers:prune', 'containers:delete'],
    filters: ['label', 'label!', 'until'],
    told: (items) => ({ ContainersDeleted: items.map(({ id }) => id) }),
  },
  NetworkPrune: {
    kind: 'networks',
    permissions: ['networks:prune', 'networks:delete'],
    filters: ['label', 'label!', 'until'],
    told: (items) => ({ NetworksDeleted: items.map(({ name }) => name) }),
  },
  VolumePrune: {
    kind: 'volumes',
    permissions: ['volumes:prune', 'volumes:delete'],
    filters: ['label', 'label!', 'all'],
    told: (items) => ({ VolumesDeleted: items.map(({ name }) => name) }),
  },
  ImagePrune: {
    kind: 'images',
    permissions: ['images:prune', 'images:delete'],
    filters: ['label', 'label!', 'until', 'dangling'],
    told: (items) => ({
      ImagesDeleted: items.flatMap(({ id, name }) => [
        ...(name === '' ? [] : [{ Untagged: name }]),
        { Deleted: id },
      ]),
    }),
  },
};

const NO = new Set(['0', 'false']);

/** Prunes of those who may not remove everything: the engine's own would ask nobody, so what goes, goes one by one. */
@Injectable()
export class DoorPrunes {
  constructor(private readonly prunes: PruneService) {}

  /** @returns undefined for what is no prune, and for who may remove all that the engine would */
  async ofPart({ actor, engine, operation, request, spoken }: DoorCall): Promise<object | undefined> {
    const prune = PRUNES[operation.id];
    if (!prune) return undefined;
    const all = await Promise.all(prune.permissions.map((permission) => engine.mayAlways(permission)));
    if (all.every(Boolean)) return undefined;
    const filters = filtersOf(request.query ?? {});
    requireFilters(filters, prune.filters);
    const report = await this.prunes.prune(actor, engine.name, {
      kinds: [prune.kind],
      label: [...(filters.get('label') ?? []), ...(filters.get('label!') ?? []).map(notLabel)],
      ...one(filters, 'until'),
      allImages: (filters.get('dangling') ?? []).some((value) => NO.has(value)),
      // Before API 1.42 a prune took volumes with names, too.
      allVolumes:
        Number(spoken.split('.')[1]) < 42 || (filters.get('all') ?? []).some((value) => !NO.has(value)),
    });
    const gone = report.items.filter(({ removed }) => removed);
    const freed = operation.id === 'NetworkPrune' ? {} : { SpaceReclaimed: report.spaceReclaimed };
    return { ...prune.told(gone), ...freed };
  }
}

/** A label that must not be there, as a selector. */
function notLabel(label: string): string {
  return label.includes('=') ? label.replace('=', '!=') : `!${label}`;
}

function one(filters: ReadonlyMap<string, readonly string[]>, name: 'until'): { until?: string } {
  const [value, ...more] = filters.get(name) ?? [];
  if (more.length > 0) throw new DomainError('invalid_input', `more than one ${name} filter specified`);
  return value === undefined ? {} : { [name]: value };
}
