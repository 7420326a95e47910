import { printable } from '../audit/audit-text.js';
import type { ProgressPart, ProgressUpdate } from './job-work.js';
import type { JobLog, JobProgress, JobProgressPart } from './job.model.js';

const MAX_PARTS = 100;
const MAX_MESSAGE = 500;
const MAX_ID = 128;
const MAX_LINE = 1_000;
/** Of all lines of a log, in UTF-16 code units. */
const MAX_LOG = 32 * 1024;

export const NO_PROGRESS: JobProgress = Object.freeze({
  current: null,
  total: null,
  percent: null,
  message: null,
  parts: [],
});

/** How far it is after `update`. Values that make no sense are left out; texts and the number of parts are bounded. */
export function withUpdate(progress: JobProgress, update: ProgressUpdate): JobProgress {
  const current = amount(update.current) ?? progress.current;
  const total = amount(update.total) ?? progress.total;
  const counted = update.current !== undefined || update.total !== undefined;
  return {
    current,
    total,
    percent: percentage(update.percent) ?? (counted ? share(current, total) : progress.percent),
    message: update.message === undefined ? progress.message : printable(update.message, MAX_MESSAGE),
    parts: update.parts ? merged(progress.parts, update.parts) : progress.parts,
  };
}

/** Keeps the last lines that were said. */
export class LogTail {
  private lines: string[] = [];
  private size = 0;
  private dropped = 0;

  add(line: string): void {
    const kept = printable(withoutLineEnd(line).replaceAll('\t', '    '), MAX_LINE);
    this.lines.push(kept);
    this.size += kept.length + 1;
    if (this.size <= MAX_LOG) return;
    let gone = 0;
    while (this.size > MAX_LOG * 0.75) this.size -= (this.lines[gone++]?.length ?? 0) + 1;
    this.lines = this.lines.slice(gone);
    this.dropped += gone;
  }

  value(): JobLog {
    return { lines: [...this.lines], dropped: this.dropped };
  }
}

function merged(known: readonly JobProgressPart[], updates: readonly ProgressPart[]): JobProgressPart[] {
  const parts = new Map(known.map((part) => [part.id, part]));
  for (const update of updates) {
    const id = printable(update.id, MAX_ID);
    const before = parts.get(id);
    if (!before && parts.size >= MAX_PARTS) continue;
    parts.set(id, {
      id,
      message:
        update.message === undefined ? (before?.message ?? null) : printable(update.message, MAX_MESSAGE),
      current: amount(update.current) ?? before?.current ?? null,
      total: amount(update.total) ?? before?.total ?? null,
    });
  }
  return [...parts.values()];
}

function amount(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value >= 0
    ? Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER)
    : null;
}

function percentage(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : rounded(value);
}

function share(current: number | null, total: number | null): number | null {
  return current === null || total === null || total === 0 ? null : rounded((current / total) * 100);
}

/** To a tenth, within 0 and 100. */
function rounded(percent: number): number {
  return Math.round(Math.min(100, Math.max(0, percent)) * 10) / 10;
}

/** Without a regular expression: lines are what the steps of a build write. */
function withoutLineEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r' || line[end - 1] === '\n') end--;
  return line.slice(0, end);
}
