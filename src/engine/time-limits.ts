import type { Operation, OperationId } from './operations/index.js';

/** How long a connection may take to stand. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** How long the engine may be silent before it has answered, where nothing else is said. */
export const ANSWER_TIMEOUT_MS = 60_000;

/** How long the engine may take to say that it is there. */
export const PING_TIMEOUT_MS = 10_000;

/** Whole answers that come when the work is done, and the work may take any time. */
const OPEN_ENDED: ReadonlySet<OperationId> = new Set<OperationId>([
  'ContainerStop',
  'ContainerRestart',
  'ContainerWait',
  'ContainerPrune',
  'ImageCommit',
  'ImagePrune',
  'VolumePrune',
  'BuildPrune',
  'SystemDataUsage',
]);

/** Streams whose headers come at once; those of the others come with the first progress, which may take any time. */
const PROMPT_STREAMS: ReadonlySet<OperationId> = new Set<OperationId>([
  'ContainerLogs',
  'ContainerStats',
  'ServiceLogs',
  'TaskLogs',
  'SystemEvents',
]);

/** The time limit of a call whose caller gives none, in milliseconds; 0 means no limit. */
export function defaultTimeout(operation: Operation, hasUpload: boolean): number {
  if (hasUpload || OPEN_ENDED.has(operation.id)) return 0;
  if (operation.nature === 'stream' && !PROMPT_STREAMS.has(operation.id)) return 0;
  return ANSWER_TIMEOUT_MS;
}
