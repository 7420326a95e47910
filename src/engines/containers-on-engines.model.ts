import { Field, ObjectType } from '@nestjs/graphql';
import { OutInteger, OutObject } from '../common/output-fields.js';
import { PageInfo, PageOf } from '../common/pagination.js';
import { Container } from '../containers/container.model.js';
import { EngineContribution } from './engine.model.js';

@ObjectType({ isAbstract: true })
abstract class Contributions {
  @OutObject(() => EngineContribution, 'What each engine contributed: one that is away is told of here.', {
    list: true,
  })
  engines!: EngineContribution[];
}

/** A page of containers on several engines, by REST. */
export class ContainersOnEnginesPage extends PageOf(Container, Contributions) {}

@ObjectType({ description: 'A page of containers on several engines, newest first.' })
export class ContainersOnEngines extends Contributions {
  @Field(() => [Container], { description: 'The containers.' })
  nodes!: Container[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo!: PageInfo;

  @OutInteger('How many there are on all pages, of the engines that could be read.')
  totalCount!: number;
}

/** The page as GraphQL has it. */
export function toContainersOnEngines({
  items,
  nextCursor,
  totalCount,
  engines,
}: {
  items: Container[];
  nextCursor: string | null;
  totalCount: number;
  engines: EngineContribution[];
}): ContainersOnEngines {
  return {
    nodes: items,
    pageInfo: { hasNextPage: nextCursor !== null, endCursor: nextCursor },
    totalCount,
    engines,
  };
}
