import type { PageQuery } from '../common/pagination.js';
import type { ContainerRecord, ContainersView } from '../gate/engine-handle.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { CONTAINERS } from './container-catalog.js';
import { containerMatcher } from './container-filter.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { Container } from './container.model.js';

/** Pages of the containers that an actor may see, newest first. */
export class ContainerPages extends ObjectPages<ContainerRecord, Container> {
  constructor(engine: string, view: ContainersView, filter: ContainerFilter, query: PageQuery) {
    super({ catalog: CONTAINERS, engine, view, filter: listedFilter(filter, containerMatcher) }, query);
  }
}
