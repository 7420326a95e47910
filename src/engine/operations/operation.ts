import type { Permission } from '../../common/permissions.js';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/**
 * How request and answer travel:
 * - `plain`: both are small and whole.
 * - `stream`: one of them goes on for long or is large; the answer's headers come before its end.
 * - `hijack`: after the answer's headers the connection is a raw, two-way byte stream (HTTP `Upgrade`).
 * - `websocket`: the same over WebSocket frames.
 */
export type Nature = 'plain' | 'stream' | 'hijack' | 'websocket';

/** The kind of object that an operation is about. `repository` is an image where its registry has it, not the engine. */
export type TargetKind =
  | 'engine'
  | 'container'
  | 'exec'
  | 'image'
  | 'repository'
  | 'builder'
  | 'network'
  | 'volume'
  | 'plugin'
  | 'swarm'
  | 'node'
  | 'service'
  | 'task'
  | 'secret'
  | 'config';

/** A version of the Engine API. */
export type ApiVersion = `1.${number}`;

/** The oldest Engine API version that we speak. */
export const OLDEST_API_VERSION: ApiVersion = '1.41';

/** Where a request names the object that it acts on. */
export interface TargetParameter {
  readonly in: 'path' | 'query';
  readonly name: string;
}

/** Permissions that are asked for besides the row's own, by the query parameter which, when given, makes them needed. */
export type FurtherPermissions = Readonly<Record<string, Permission>>;

/** One operation of the Docker Engine API: what every door, the gate, audit and metrics know of it. */
export interface EngineOperation<Id extends string = string> {
  /** The operationId of Docker's API description. */
  readonly id: Id;
  readonly method: HttpMethod;
  /** Path template without the version prefix, such as `/containers/{id}/start`. */
  readonly path: string;
  readonly nature: Nature;
  /** What the caller must hold. To decide on a request ask `permissionsFor`, which adds the further ones. */
  readonly permission: Permission;
  readonly also: FurtherPermissions;
  readonly target: TargetKind;
  /** Where the target is named; undefined where the operation is about all objects of its kind, or makes a new one. */
  readonly targetParameter: TargetParameter | undefined;
  /**
   * Whether it changes what the engine keeps or runs, or may write to a process: then it is audited. A terminal's size
   * is neither.
   */
  readonly changes: boolean;
  /** The first API version that has it, not before `OLDEST_API_VERSION`. */
  readonly since: ApiVersion;
}

/** A line of the table, in the order of its columns. */
export type OperationRow = readonly [
  method: HttpMethod,
  path: `/${string}`,
  nature: Nature,
  permission: Permission,
  target: TargetKind,
  engine: 'reads' | 'changes',
  more?: {
    readonly since?: ApiVersion;
    readonly also?: FurtherPermissions;
    /** The query parameter that names the target where the path does not. */
    readonly targetQuery?: string;
  },
];

/** Turns lines of the table, keyed by operationId, into operations. */
export function defineOperations<Rows extends Record<string, OperationRow>>(
  rows: Rows,
): { readonly [Id in keyof Rows & string]: EngineOperation<Id> } {
  const operations = Object.entries(rows).map(([id, row]) => [id, toOperation(id, row)] as const);
  return Object.fromEntries(operations) as { [Id in keyof Rows & string]: EngineOperation<Id> };
}

function toOperation(id: string, row: OperationRow): EngineOperation {
  const [method, path, nature, permission, target, engine, more = {}] = row;
  return {
    id,
    method,
    path,
    nature,
    permission,
    also: more.also ?? {},
    target,
    targetParameter: targetParameter(path, more.targetQuery),
    changes: engine === 'changes',
    since: more.since ?? OLDEST_API_VERSION,
  };
}

function targetParameter(path: string, targetQuery: string | undefined): TargetParameter | undefined {
  if (targetQuery !== undefined) return { in: 'query', name: targetQuery };
  const name = /\{(\w+)\}/.exec(path)?.[1];
  return name === undefined ? undefined : { in: 'path', name };
}
