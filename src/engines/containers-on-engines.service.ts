import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError, type ErrorKind } from '../common/errors.js';
import type { FreshQuery } from '../common/freshness.js';
import {
  decodeCursor,
  DEFAULT_PAGE_SIZE,
  encodeCursor,
  type Page,
  type PageQuery,
} from '../common/pagination.js';
import type { ContainerFilter } from '../containers/container-list.inputs.js';
import type { Container } from '../containers/container.model.js';
import { ContainerPages } from '../containers/container-pages.js';
import type { EngineHealth } from '../gate/engine-setup.js';
import { Gate } from '../gate/gate.js';
import type { EngineContribution } from './engine.model.js';

/** How long the others wait for an engine that does not answer. */
const PATIENCE_MS = 3_000;

/** Errors that are the same for every engine. */
const NOT_THE_ENGINES: ReadonlySet<ErrorKind> = new Set(['invalid_input', 'cancelled', 'internal']);

export interface ContainersPage extends Page<Container> {
  readonly engines: EngineContribution[];
}

/** A container with its place in the order: newest first, then by id. */
interface Placed {
  readonly container: Container;
  readonly order: number;
}

interface Part {
  readonly placed: readonly Placed[];
  readonly hasMore: boolean;
  readonly engine: EngineContribution;
}

/** The containers of several engines in one list. An engine that is away is told of beside the others' results. */
@Injectable()
export class ContainersOnEnginesService {
  constructor(private readonly gate: Gate) {}

  /**
   * @param engines only these; those that the actor may list no containers of, or that there are not, are left out
   * @throws DomainError `invalid_input` for a filter that can't be read, or a cursor that no list answered with
   */
  async list(
    actor: Actor,
    filter: ContainerFilter,
    { engines, ...query }: PageQuery & FreshQuery & { engines?: readonly string[] | undefined },
  ): Promise<ContainersPage> {
    if (query.after !== undefined) decodeCursor(query.after, 'number');
    const visible = await this.gate.as(actor).engines('containers:list');
    const asked = engines ? visible.filter(({ name }) => engines.includes(name)) : visible;
    const parts = await Promise.all(asked.map((engine) => this.part(actor, engine, filter, query)));
    return merge(parts, query.limit ?? DEFAULT_PAGE_SIZE);
  }

  private async part(
    actor: Actor,
    { name, error: reason }: EngineHealth,
    filter: ContainerFilter,
    { limit, after, fresh }: PageQuery & FreshQuery,
  ): Promise<Part> {
    try {
      const view = await inTime(name, this.gate.as(actor).engine(name).objects('container', { fresh }));
      const page = new ContainerPages(name, view, filter, { limit, after }).asConnection();
      const { edges, pageInfo, totalCount, stale, syncedAt } = page;
      return {
        placed: edges.map(({ node, cursor }) => ({
          container: node,
          order: decodeCursor(cursor, 'number')[0],
        })),
        hasMore: pageInfo.hasNextPage,
        engine: {
          name,
          status: stale ? 'stale' : 'ok',
          totalCount,
          syncedAt,
          errorCode: stale ? 'engine_unavailable' : null,
          error: stale ? (reason ?? 'It is away') : null,
        },
      };
    } catch (error) {
      if (!(error instanceof DomainError) || NOT_THE_ENGINES.has(error.kind)) throw error;
      return {
        placed: [],
        hasMore: false,
        engine: {
          name,
          status: 'error',
          totalCount: 0,
          syncedAt: null,
          errorCode: error.kind,
          error: error.message,
        },
      };
    }
  }
}

function merge(parts: readonly Part[], limit: number): ContainersPage {
  const placed = parts.flatMap((part) => part.placed).sort(byPlace);
  const page = placed.slice(0, limit);
  const last = page.at(-1);
  const hasMore = placed.length > page.length || parts.some((part) => part.hasMore);
  return {
    items: page.map(({ container }) => container),
    nextCursor: last && hasMore ? encodeCursor([last.order, last.container.id]) : null,
    totalCount: parts.reduce((sum, { engine }) => sum + engine.totalCount, 0),
    engines: parts.map(({ engine }) => engine),
  };
}

function byPlace(a: Placed, b: Placed): number {
  if (a.order !== b.order) return a.order - b.order;
  return a.container.id < b.container.id ? -1 : 1;
}

/** The call goes on in the background: its result is there for whoever asks next. */
async function inTime<T>(engine: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new DomainError('engine_timeout', `Engine "${engine}" did not answer in time.`)),
      PATIENCE_MS,
    );
  });
  // It may fail after the others were answered.
  call.catch(() => undefined);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
