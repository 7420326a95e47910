import type { Type } from '@nestjs/common';
import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from './engine-path.js';
import { FreshQuery, InFresh } from './freshness.js';
import { InBoolean, InObject, InText } from './input-fields.js';
import { ConnectionArgs, InPageCursor, InPageSize, type PageQuery } from './pagination.js';
import { InEngineName } from './references.js';

/**
 * What lists of objects take, and watchers of them. A kind of objects states its filters once, as a GraphQL input; the
 * REST query and the arguments of GraphQL are made of it.
 */

const LABELS = {
  max: 1_024,
  min: 1,
  list: { max: 32 },
  optional: true,
  example: ['com.example.team=web'],
} as const;
const SYNTAX = '`key`, `key=value`, `key!=value`, `!key`, `key in (a, b)`';

/** The filter by labels: selectors as `parseLabelSelector` takes them, all of which must hold. */
export const InLabelFilter = (
  description = `With labels that meet all of these selectors: ${SYNTAX}.`,
): PropertyDecorator => InText({ ...LABELS, description, fromText: true });

/** The labels of what to prune: selectors as `parseLabelSelector` takes them, all of which must hold. */
export const InPrunedLabels = (
  description = `Label selectors, all of which must hold: ${SYNTAX}.`,
): PropertyDecorator => InText({ ...LABELS, description });

/** The filter by a part of the name. */
export const InNameFilter = (): PropertyDecorator =>
  InText({ description: 'With this in the name.', max: 255, min: 1, optional: true });

/** The class of the REST query of a list: the filters, which page, whether from memory, and whether to watch. */
export function ListQueryOf<F extends object>(filter: Type<F>) {
  class ListQuery extends (filter as Type<object>) implements PageQuery, FreshQuery {
    @InPageSize({ fromText: true })
    limit?: number;

    @InPageCursor('The `nextCursor` of the page before.')
    after?: string;

    @InFresh()
    fresh?: boolean;

    @InBoolean({
      description:
        'Answer with an event stream: first each object as `added`, then `synced`, then each change as `added`, `updated` or `removed`. Comes back from where it was by `Last-Event-ID`. Default: false.',
      optional: true,
      fromText: true,
    })
    watch?: boolean;
  }
  return ListQuery as Type<ListQuery & F>;
}

const InFilter = (filter: Type<object>, objects: string): PropertyDecorator =>
  InObject(() => filter, { description: `Which ${objects}. Default: all.`, optional: true });

/**
 * The class of the arguments of a GraphQL list on one engine.
 *
 * @param objects what is listed, in the plural: `containers`
 */
export function ListArgsOf<F extends object>(filter: Type<F>, objects: string) {
  @ArgsType()
  class ListArgs extends ConnectionArgs implements FreshQuery {
    @InEngineName()
    engine!: string;

    @InFilter(filter, objects)
    filter?: F;

    @InFresh()
    fresh?: boolean;
  }
  return ListArgs;
}

/**
 * The class of the arguments of a GraphQL subscription to what changes in a list.
 *
 * @param objects what is listed, in the plural: `containers`
 */
export function ChangedArgsOf<F extends object>(filter: Type<F>, objects: string) {
  @ArgsType()
  class ChangedArgs extends EnginePath {
    @InFilter(filter, objects)
    filter?: F;

    @InText({
      description: 'The `revision` of the last change that you know, to be told only of what changed since.',
      max: 64,
      optional: true,
    })
    after?: string;
  }
  return ChangedArgs;
}
