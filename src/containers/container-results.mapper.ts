import {
  CHANGE_KINDS,
  type ContainerProcesses,
  type ContainerWaitResult,
  type FilesystemChange,
} from './container-results.model.js';
import type { Loose } from './engine-document.js';

/** The answer of ContainerWait. */
export function toWaitResult(
  document: Loose<{ StatusCode: number; Error: { Message: string } }>,
): ContainerWaitResult {
  return { exitCode: document.StatusCode ?? 0, error: document.Error?.Message ?? null };
}

/** The answer of ContainerTop. */
export function toProcesses(
  document: Loose<{ Titles: string[]; Processes: string[][] }>,
): ContainerProcesses {
  const titles = [...(document.Titles ?? [])];
  const processes = (document.Processes ?? []).map((values) =>
    Object.fromEntries(titles.map((title, index) => [title, values[index] ?? ''])),
  );
  return { titles, processes };
}

/** The answer of ContainerChanges, which is null where nothing changed. */
export function toChanges(document: Loose<{ Path: string; Kind: number }[]> | null): FilesystemChange[] {
  return (document ?? []).map(({ Path, Kind }) => ({
    path: Path ?? '',
    kind: CHANGE_KINDS[Kind ?? 0] ?? 'modified',
  }));
}
