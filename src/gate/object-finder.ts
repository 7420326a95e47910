import { Injectable } from '@nestjs/common';
import type { ContainerInspectInfo } from 'dockerode';
import { DomainError, notFound } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { State, type StateOf } from '../state/state.js';
import { type DocumentOf, type KeptOf, watchedKind, type WatchedKindName } from '../state/watched-kinds.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import { repositoriesOf } from './image-names.js';

/** What the gate decides by. */
export interface ObjectFacts<Kind extends WatchedKindName = WatchedKindName> {
  readonly kind: Kind;
  /** The full id; the name of a volume. */
  readonly id: string;
  /** Without the engine's leading slash. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of an image, the repositories that it has names in. */
  readonly repositories?: readonly string[];
  /** Whose owner is its owner too: of a task, its service. */
  readonly belongsTo?: { readonly kind: string; readonly id: string };
  /**
   * The engine's own document of the object.
   *
   * @throws DomainError `not_found` for one that is gone meanwhile
   */
  readonly document: () => Promise<DocumentOf<Kind>>;
}

export interface ContainerFacts extends ObjectFacts<'container'> {
  /** Whether it has a terminal: its output is then one raw stream. */
  readonly tty: boolean;
  readonly document: () => Promise<ContainerInspectInfo>;
}

export interface FindOptions {
  /**
   * Whether the caller may see every object of the kind. Only then is the engine asked for what memory does not have: to
   * others what is hidden must not take another way, and time, than what is not there.
   */
  readonly seesAll: boolean;
  /** Whether what was known before the engine went away will do: for reading, never for changing. */
  readonly evenStale?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Finds objects by id, name or start of an id: in memory while the engine is followed, else by asking it. */
@Injectable()
export class ObjectFinder {
  constructor(private readonly state: State) {}

  /** @returns undefined where there is none, and where several ids start so: to name them would tell of hidden ones */
  async find<Kind extends WatchedKindName>(
    connection: EngineConnection,
    kind: Kind,
    reference: string,
    options: FindOptions,
  ): Promise<ObjectFacts<Kind> | undefined> {
    const found = await this.record(connection, kind, reference, options);
    return found && factsOf(kind, found.record, found.document);
  }

  async container(
    connection: EngineConnection,
    reference: string,
    options: FindOptions,
  ): Promise<ContainerFacts | undefined> {
    const found = await this.record(connection, 'container', reference, options);
    return (
      found && {
        ...factsOf('container', found.record, found.document),
        tty: found.record.kept.Config.Tty,
        document: found.document,
      }
    );
  }

  private async record<Kind extends WatchedKindName>(
    connection: EngineConnection,
    kind: Kind,
    reference: string,
    { seesAll, evenStale = false, signal }: FindOptions,
  ): Promise<{ record: ObjectRecord<KeptOf<Kind>>; document: () => Promise<DocumentOf<Kind>> } | undefined> {
    const state = this.state.of(connection.name, kind);
    const { live } = state;
    const record = live || evenStale ? await state.find(reference) : undefined;
    if (record) return { record, document: () => documentOf(state, kind, record.id) };
    if (live && !seesAll) return undefined;
    const document = await read(connection, kind, reference, signal);
    return document && { record: state.toRecord(document), document: () => Promise.resolve(document) };
  }
}

async function read<Kind extends WatchedKindName>(
  connection: EngineConnection,
  kind: Kind,
  reference: string,
  signal = new AbortController().signal,
): Promise<DocumentOf<Kind> | undefined> {
  try {
    return await watchedKind(kind).read(connection, reference, signal);
  } catch (error) {
    const ambiguous =
      error instanceof DomainError && /multiple IDs found|is ambiguous|ambiguous/i.test(error.message);
    if (ambiguous) return undefined;
    throw error;
  }
}

async function documentOf<Kind extends WatchedKindName>(
  state: StateOf<Kind>,
  kind: Kind,
  id: string,
): Promise<DocumentOf<Kind>> {
  const document = await state.document(id);
  if (!document) throw notFound(kind, id);
  return document;
}

function factsOf<Kind extends WatchedKindName>(
  kind: Kind,
  { id, name, labels, kept, belongsTo }: ObjectRecord<KeptOf<Kind>>,
  document: () => Promise<DocumentOf<Kind>>,
): ObjectFacts<Kind> {
  const repositories = repositoriesOf(kind, kept);
  return {
    kind,
    id,
    name,
    labels,
    ...(repositories ? { repositories } : {}),
    ...(belongsTo ? { belongsTo } : {}),
    document,
  };
}
