import type { Type } from '@nestjs/common';
import { ArgsType, Field, ObjectType } from '@nestjs/graphql';
import { ApiProperty } from '@nestjs/swagger';
import { DomainError } from './errors.js';
import { InInteger, InText } from './input-fields.js';
import { OutBoolean, OutInteger, OutText } from './output-fields.js';

export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 500;
const MAX_CURSOR_LENGTH = 512;
const PAGE_SIZE = {
  description: `How many items to answer with, at most ${MAX_PAGE_SIZE}. Default ${DEFAULT_PAGE_SIZE}.`,
  min: 1,
  max: MAX_PAGE_SIZE,
  optional: true,
} as const;

/** The input field of a page's size. */
export const InPageSize = (options: { fromText?: boolean } = {}): PropertyDecorator =>
  InInteger({ ...PAGE_SIZE, ...options });

/** The input field of where a page begins. */
export const InPageCursor = (description: string): PropertyDecorator =>
  InText({ description, max: MAX_CURSOR_LENGTH, optional: true });

/** What every list takes by REST. Lists are cut by key, not by offset, so pages stay whole while objects come and go. */
export class PageQuery {
  @InPageSize({ fromText: true })
  limit?: number;

  @InPageCursor('The `nextCursor` of the page before.')
  after?: string;
}

/** What every connection takes by GraphQL. */
@ArgsType()
export class ConnectionArgs {
  @InPageSize()
  first?: number;

  @InPageCursor('The `endCursor` of the page before.')
  after?: string;
}

/** Which page of a list a service is asked for. */
export interface PageRequest {
  /** Default {@link DEFAULT_PAGE_SIZE}. */
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** What a list is sorted by, ascending; the id makes it unique. */
export type SortKey = readonly [order: number | string, id: string];

export interface Page<T> {
  items: T[];
  /** Give it as `after` to get the next page; null on the last. */
  nextCursor: string | null;
  /** How many there are on all pages. */
  totalCount: number;
}

/** A cursor is the sort key of the last item of a page, opaque to clients. */
export function encodeCursor(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * @param order what the list is ordered by: the first part of its sort key
 * @throws DomainError `invalid_input` for a cursor that no such list answered with
 */
export function decodeCursor(cursor: string, order: 'number'): [order: number, id: string];
export function decodeCursor(cursor: string, order: 'string'): [order: string, id: string];
export function decodeCursor(cursor: string, order: 'number' | 'string'): SortKey {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalidCursor(error);
  }
  if (!Array.isArray(key) || key.length !== 2) throw invalidCursor();
  const [first, id] = key as unknown[];
  if (typeof first !== order || typeof id !== 'string') throw invalidCursor();
  return [first as number | string, id];
}

function invalidCursor(cause?: unknown): DomainError {
  return new DomainError('invalid_input', 'The cursor is not one that a list answered with', {
    errors: [{ field: 'after', message: 'must be the cursor of an earlier page' }],
    cause,
  });
}

/** Cuts a page out of all items, sorted ascending by `keyOf`. */
export function paginate<T>(
  items: readonly T[],
  keyOf: (item: T) => SortKey,
  { limit = DEFAULT_PAGE_SIZE, after }: PageRequest,
): Page<T> {
  const keyed = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => compareKeys(a.key, b.key));
  const [first] = keyed;
  const order = typeof first?.key[0] === 'string' ? 'string' : 'number';
  const start =
    after === undefined || !first ? undefined : (decodeCursor(after, order as 'number') as SortKey);
  const rest = start === undefined ? keyed : keyed.filter(({ key }) => compareKeys(key, start) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: last && rest.length > page.length ? encodeCursor(last.key) : null,
    totalCount: items.length,
  };
}

function compareKeys([order, id]: SortKey, [otherOrder, otherId]: SortKey): number {
  if (order !== otherOrder) return order < otherOrder ? -1 : 1;
  if (id === otherId) return 0;
  return id < otherId ? -1 : 1;
}

/** Nothing besides the page itself. */
@ObjectType({ isAbstract: true })
abstract class Bare {}

type Fields<B extends object> = abstract new () => B;

/**
 * The class of a REST page of `item`: `{items, nextCursor}`.
 *
 * @param fields what the page tells besides
 */
export function PageOf<T extends object, B extends object = Bare>(
  item: Type<T>,
  fields: Fields<B> = Bare as Fields<B>,
) {
  class PageModel extends (fields as Fields<object>) {
    @ApiProperty({ type: [item], description: 'The items of this page.' })
    items!: T[];

    @OutText('Give it as `after` to get the next page; null on the last.', { nullable: true })
    nextCursor!: string | null;

    @OutInteger('How many there are on all pages.')
    totalCount!: number;
  }
  return PageModel as Type<PageModel & B>;
}

@ObjectType({ description: 'Where a page of a connection ends.' })
export class PageInfo {
  @OutBoolean('Whether there is a page after this one.')
  hasNextPage!: boolean;

  @OutText('Give it as `after` to get the next page; null where this page is empty.', { nullable: true })
  endCursor!: string | null;
}

/**
 * The class of a GraphQL connection of `item`, as Relay's cursor connections specification has it.
 *
 * @param fields what the connection tells besides
 */
export function ConnectionOf<T extends object, B extends object = Bare>(
  item: Type<T>,
  fields: Fields<B> = Bare as Fields<B>,
) {
  @ObjectType(`${item.name}Edge`, { description: `A ${item.name} within a list.` })
  class Edge {
    @OutText('The place of this item in the list.')
    cursor!: string;

    @Field(() => item, { description: 'The item.' })
    node!: T;
  }

  @ObjectType(`${item.name}Connection`, { description: `A page of a list of ${item.name} objects.` })
  class Connection extends (fields as Fields<object>) {
    @Field(() => [Edge], { description: 'The items with their places.' })
    edges!: Edge[];

    @Field(() => [item], { description: 'The items.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Where this page ends.' })
    pageInfo!: PageInfo;

    @OutInteger('How many items there are on all pages.')
    totalCount!: number;
  }
  return Connection as Type<Connection & B>;
}

/** A page as a GraphQL connection. Its edges are made when they are asked for: most clients ask for the nodes alone. */
export class PageConnection<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number;

  constructor(
    { items, nextCursor, totalCount }: Page<T>,
    private readonly keyOf: (item: T) => SortKey,
  ) {
    const last = items.at(-1);
    this.nodes = items;
    // Where matches are rare, a page may be empty and yet have a next one.
    const endCursor = nextCursor ?? (last ? encodeCursor(keyOf(last)) : null);
    this.pageInfo = { hasNextPage: nextCursor !== null, endCursor };
    this.totalCount = totalCount;
  }

  get edges(): { node: T; cursor: string }[] {
    return this.nodes.map((node) => ({ node, cursor: encodeCursor(this.keyOf(node)) }));
  }
}

/** A page as a GraphQL connection. */
export function toConnection<T>(page: Page<T>, keyOf: (item: T) => SortKey): PageConnection<T> {
  return new PageConnection(page, keyOf);
}
