import { Bell } from '../../common/bell.js';

/** A stream of documents that the test sends. For tests. */
export class ScriptedDocuments {
  /** How often it was opened. */
  opened = 0;
  private readonly sent: unknown[] = [];
  private readonly changed = new Bell();
  private failure: Error | undefined;

  readonly open = (signal: AbortSignal): Promise<AsyncIterable<unknown>> => {
    this.opened++;
    return Promise.resolve(this.documents(signal));
  };

  send(...documents: unknown[]): void {
    this.sent.push(...documents);
    this.changed.ring();
  }

  fail(error: Error): void {
    this.failure = error;
    this.changed.ring();
  }

  private async *documents(signal: AbortSignal): AsyncGenerator {
    while (!signal.aborted) {
      const [document] = this.sent.splice(0, 1);
      if (document !== undefined) yield document;
      else if (this.failure) throw this.failure;
      else await this.changed.wait(signal);
    }
  }
}
