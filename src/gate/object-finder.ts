import { Injectable } from '@nestjs/common';
import type { ContainerInspectInfo } from 'dockerode';
import { DomainError, notFound } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { type ContainersState, State } from '../state/state.js';
import type { ContainerRecord } from '../state/watched-containers.js';

/** What the gate decides by. */
export interface ContainerFacts {
  /** The full id. */
  readonly id: string;
  /** Without the engine's leading slash. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it has a terminal: its output is then one raw stream. */
  readonly tty: boolean;
  /**
   * The engine's own document of `ContainerInspect`.
   *
   * @throws DomainError `not_found` for a container that is gone meanwhile
   */
  readonly document: () => Promise<ContainerInspectInfo>;
}

export interface FindOptions {
  /**
   * Whether the caller may see every container. Only then is the engine asked for what memory does not have: to others
   * what is hidden must not take another way, and time, than what is not there.
   */
  readonly seesAll: boolean;
  /** Whether what was known before the engine went away will do: for reading, never for changing. */
  readonly evenStale?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Finds containers by id, name or start of an id: in memory while the engine is followed, else by asking it. */
@Injectable()
export class ContainerFinder {
  constructor(private readonly state: State) {}

  /** @returns undefined where there is none, and where several ids start so: to name them would tell of hidden ones */
  async find(
    connection: EngineConnection,
    reference: string,
    { seesAll, evenStale = false, signal }: FindOptions,
  ): Promise<ContainerFacts | undefined> {
    const state = this.state.containers(connection.name);
    const { live } = state;
    const record = live || evenStale ? await state.find(reference) : undefined;
    if (record) return toFacts(record, () => documentOf(state, record.id));
    if (live && !seesAll) return undefined;
    const document = await inspect(connection, reference, signal);
    return document && toFacts(state.toRecord(document), () => Promise.resolve(document));
  }
}

async function inspect(
  connection: EngineConnection,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<ContainerInspectInfo | undefined> {
  try {
    const { body } = await connection.json<ContainerInspectInfo>('ContainerInspect', {
      params: { id: reference },
      ...(signal ? { signal } : {}),
    });
    return body;
  } catch (error) {
    const none =
      error instanceof DomainError &&
      (error.kind === 'not_found' || /multiple IDs found/i.test(error.message));
    if (none) return undefined;
    throw error;
  }
}

async function documentOf(state: ContainersState, id: string): Promise<ContainerInspectInfo> {
  const document = await state.document(id);
  if (!document) throw notFound('container', id);
  return document;
}

function toFacts(
  { id, name, labels, kept }: ContainerRecord,
  document: ContainerFacts['document'],
): ContainerFacts {
  return { id, name, labels, tty: kept.Config.Tty, document };
}
