import { ArgsType } from '@nestjs/graphql';
import { OmitType } from '@nestjs/swagger';
import { ContainerFilter, ListContainersQuery } from '../containers/container-list.inputs.js';
import { FreshQuery } from '../common/freshness.js';
import { InBoolean, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs } from '../common/pagination.js';
import { ENGINE_NAME } from '../common/references.js';

const ENGINES = {
  description: 'Only these engines. Default: all whose containers you may list.',
  max: 63,
  min: 1,
  pattern: ENGINE_NAME,
  patternHint: 'an engine name: lower-case letters, digits and "-"',
  list: { max: 100 },
  optional: true,
} as const;

/** The query of `GET /containers`. */
export class ContainersOnEnginesQuery extends OmitType(ListContainersQuery, ['watch'] as const) {
  @InText({ ...ENGINES, fromText: true })
  engine?: string[];
}

/** The arguments of GraphQL's `containersOnEngines`. */
@ArgsType()
export class ContainersOnEnginesArgs extends ConnectionArgs implements FreshQuery {
  @InText(ENGINES)
  engines?: string[];

  @InObject(() => ContainerFilter, { description: 'Which containers. Default: all.', optional: true })
  filter?: ContainerFilter;

  @InBoolean({
    description:
      'Ask the engines instead of answering from memory, which is milliseconds behind them. Default: false.',
    optional: true,
  })
  fresh?: boolean;
}
