import { Bell } from '../common/bell.js';
import { DomainError } from '../common/errors.js';
import { type AuditFilter, meets, type StoredAuditRecord } from './audit-filter.js';

/** Records that may wait for a slow viewer. */
const MAX_WAITING = 1_000;

/** Somebody who is told of records as they get their outcome: each once, in that order, until it falls too far behind. */
export class AuditViewer {
  private waiting: StoredAuditRecord[] = [];
  private failure: DomainError | undefined;
  private readonly bell = new Bell();

  constructor(private readonly filter: AuditFilter) {}

  /** Takes those of `records` that the viewer wants, or ends it where it has not kept up. */
  offer(records: readonly StoredAuditRecord[]): void {
    const wanted = records.filter((record) => meets(record, this.filter));
    if (wanted.length === 0 || this.failure) return;
    if (this.waiting.length + wanted.length > MAX_WAITING) {
      this.end(
        new DomainError('unavailable', `More than ${MAX_WAITING} records behind: list them, and watch again`),
      );
      return;
    }
    this.waiting.push(...wanted);
    this.bell.ring();
  }

  /** What the viewer ends with, in place of all that waits. */
  end(failure: DomainError): void {
    this.failure ??= failure;
    this.waiting = [];
    this.bell.ring();
  }

  /** What has come since last asked, whenever something has. Ends quietly when `signal` is aborted. */
  async *batches(signal: AbortSignal): AsyncGenerator<readonly StoredAuditRecord[]> {
    while (!signal.aborted) {
      if (this.failure) throw this.failure;
      if (this.waiting.length > 0) {
        yield this.waiting.splice(0);
      } else {
        await this.bell.wait(signal);
      }
    }
  }
}
