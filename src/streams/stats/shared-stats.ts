import type { EngineConnection } from '../../engine/engine-connection.js';
import { jsonStream } from '../../engine/wire/json-stream.js';
import { Upstream } from '../upstream.js';
import { statsSample, type StatsSample } from './stats-sample.js';

/** A sample older than this is not worth showing to a new viewer; the engine sends one a second. */
const FRESH_MS = 5_000;

/** What the stats stream needs of an engine: one container's documents of ContainerStats, until `signal` is aborted. */
export type StatsSource = (signal: AbortSignal) => Promise<AsyncIterable<unknown>>;

export function engineStatsSource(connection: EngineConnection, containerId: string): StatsSource {
  return async (signal) => {
    const request = { params: { id: containerId }, query: { stream: true }, signal };
    const { body } = await connection.stream('ContainerStats', request);
    return jsonStream(body);
  };
}

/**
 * One container's resource usage, read once for all its viewers. Only the latest sample is kept, and it is the same object
 * for all, so that any number of viewers costs no more memory than one.
 */
export class SharedStats {
  readonly upstream: Upstream;
  private latest: StatsSample | undefined;
  private receivedAt = 0;
  /** How many samples have come. */
  private count = 0;

  constructor(source: StatsSource) {
    this.upstream = new Upstream(async (signal, opened) => {
      const documents = await source(signal);
      opened();
      for await (const document of documents) this.accept(document);
    });
  }

  /** What one viewer sees: the latest sample, whenever it asks and that is not the one it had. */
  async *samples(stop: AbortSignal): AsyncGenerator<StatsSample, void, undefined> {
    const { upstream } = this;
    await upstream.opened;
    let seen = this.isFresh() ? this.count - 1 : this.count;
    while (!stop.aborted) {
      if (this.latest !== undefined && seen < this.count) {
        seen = this.count;
        yield this.latest;
      } else if (upstream.over) {
        break;
      } else {
        await upstream.changed.wait(stop);
      }
    }
    if (upstream.failure && !stop.aborted) throw upstream.failure;
  }

  private accept(document: unknown): void {
    this.receivedAt = Date.now();
    this.latest = statsSample(document, this.latest, this.receivedAt);
    this.count++;
    this.upstream.changed.ring();
  }

  private isFresh(): boolean {
    return Date.now() - this.receivedAt <= FRESH_MS;
  }
}
