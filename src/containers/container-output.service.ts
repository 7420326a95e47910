import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import type { ContainerPath } from './container-paths.js';
import type { LogsQuery, StatsQuery } from './container-stream.inputs.js';
import type { LogLine } from './log-line.model.js';
import { toLogLines, toLogOptions } from './log-line.mapper.js';
import type { ContainerStats } from './stats.model.js';

/** What a container says and uses, live. One upstream serves all viewers of a container. */
@Injectable()
export class ContainerOutputService {
  constructor(private readonly gate: Gate) {}

  /** Batches of lines in order, each exactly once. */
  async logs(
    actor: Actor,
    { engine, id }: ContainerPath,
    query: LogsQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogLine[]>> {
    const batches = await this.gate.as(actor).engine(engine).logs(id, toLogOptions(query), signal);
    return toLogLines(batches, query);
  }

  /** A sample a second, the newest for whoever is slow; only the first one unless `stream`. */
  async stats(
    actor: Actor,
    { engine, id }: ContainerPath,
    { stream = true }: StatsQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ContainerStats>> {
    const samples = await this.gate.as(actor).engine(engine).stats(id, signal);
    return stream ? samples : firstComplete(samples);
  }
}

/** The first sample has nothing to compare itself with; the second tells rates too. */
async function* firstComplete(samples: AsyncIterable<ContainerStats>): AsyncGenerator<ContainerStats> {
  for await (const sample of samples) {
    if (sample.network.rxRate === null) continue;
    yield sample;
    return;
  }
}
