import { NANOSECONDS_PER_SECOND, parseInstant } from '../instant.js';
import { isAbsent, listAt, numberAt, objectAt, textAt } from '../../engine/wire/json-document.js';

/** Bytes per second; null where there is no earlier sample to compare with, or the counter began anew in between. */
export type Rate = number | null;

/** A container's use of resources at one moment: what the engine counts, and what follows from two of its counts. */
export interface StatsSample {
  /** When the engine read the counters: RFC 3339. */
  readonly readAt: string;
  /** 100 is one CPU in full use, as `docker stats` shows it. 0 where there is no earlier reading to compare with. */
  readonly cpuPercent: number;
  readonly cpu: {
    /** CPU time that the container has used, in nanoseconds. */
    readonly totalNanoseconds: number;
    /** CPU time that the host has spent, in nanoseconds, over all its CPUs; 0 where the engine does not say. */
    readonly systemNanoseconds: number;
    readonly onlineCpus: number;
  };
  /** In bytes. */
  readonly memory: {
    /** Without the page cache that the kernel can take back at once, as `docker stats` shows it. */
    readonly usage: number;
    /** As the kernel counts it, page cache included. */
    readonly usageWithCache: number;
    /** The container's limit; the host's memory where it has none. */
    readonly limit: number;
    /** `usage` in hundredths of `limit`; 0 without a limit. */
    readonly percent: number;
  };
  /** Over all interfaces. All 0 for a container without a network, or with the host's. */
  readonly network: {
    readonly rxBytes: number;
    readonly txBytes: number;
    readonly rxRate: Rate;
    readonly txRate: Rate;
  };
  /** Over all block devices. */
  readonly blockIo: {
    readonly readBytes: number;
    readonly writeBytes: number;
    readonly readRate: Rate;
    readonly writeRate: Rate;
  };
  /** Processes and threads. */
  readonly pids: number;
}

/**
 * A sample from a document of the engine (Engine API, ContainerStats). What is missing counts as 0: a container that has just
 * stopped gives a document without figures, and cgroup v1 and v2 give different ones.
 *
 * @param previous the sample before it in the same stream, if there is one
 * @param receivedAt milliseconds since the epoch; the time of the sample where the engine gives none
 */
export function statsSample(
  document: unknown,
  previous: StatsSample | undefined,
  receivedAt: number,
): StatsSample {
  const readAt = readTime(document) ?? new Date(receivedAt).toISOString();
  const seconds = previous === undefined ? 0 : secondsBetween(previous.readAt, readAt);
  const rate = (now: number, before: number | undefined): Rate =>
    before === undefined || seconds <= 0 || now < before ? null : (now - before) / seconds;

  const cpu = cpuTimes(objectAt(document, 'cpu_stats'));
  const rxBytes = networkBytes(document, 'rx_bytes');
  const txBytes = networkBytes(document, 'tx_bytes');
  const readBytes = blockBytes(document, 'read');
  const writeBytes = blockBytes(document, 'write');
  return {
    readAt,
    cpuPercent: cpuPercent(cpu, cpuBefore(document) ?? previous?.cpu),
    cpu,
    memory: memory(objectAt(document, 'memory_stats')),
    network: {
      rxBytes,
      txBytes,
      rxRate: rate(rxBytes, previous?.network.rxBytes),
      txRate: rate(txBytes, previous?.network.txBytes),
    },
    blockIo: {
      readBytes,
      writeBytes,
      readRate: rate(readBytes, previous?.blockIo.readBytes),
      writeRate: rate(writeBytes, previous?.blockIo.writeBytes),
    },
    pids: numberAt(objectAt(document, 'pids_stats'), 'current'),
  };
}

/** Undefined also for Go's zero time, which a stopped container gives. */
function readTime(document: unknown): string | undefined {
  const text = textAt(document, 'read');
  const instant = text === undefined ? undefined : parseInstant(text);
  return instant !== undefined && instant > 0n ? text : undefined;
}

function secondsBetween(from: string, to: string): number {
  const start = parseInstant(from);
  const end = parseInstant(to);
  return start === undefined || end === undefined ? 0 : Number(end - start) / Number(NANOSECONDS_PER_SECOND);
}

function cpuTimes(stats: unknown): StatsSample['cpu'] {
  const usage = objectAt(stats, 'cpu_usage');
  return {
    totalNanoseconds: numberAt(usage, 'total_usage'),
    systemNanoseconds: numberAt(stats, 'system_cpu_usage'),
    onlineCpus: numberAt(stats, 'online_cpus') || listAt(usage, 'percpu_usage').length,
  };
}

/** The reading that the engine itself compares with; the first document of a stream has none. */
function cpuBefore(document: unknown): StatsSample['cpu'] | undefined {
  const before = cpuTimes(objectAt(document, 'precpu_stats'));
  return before.systemNanoseconds > 0 ? before : undefined;
}

function cpuPercent(now: StatsSample['cpu'], before: StatsSample['cpu'] | undefined): number {
  if (before === undefined || before.systemNanoseconds === 0) return 0;
  const container = now.totalNanoseconds - before.totalNanoseconds;
  const host = now.systemNanoseconds - before.systemNanoseconds;
  return container > 0 && host > 0 ? (container / host) * now.onlineCpus * 100 : 0;
}

function memory(stats: unknown): StatsSample['memory'] {
  const usageWithCache = numberAt(stats, 'usage');
  const details = objectAt(stats, 'stats');
  // cgroup v1 names the total over the container's own groups apart; v2 has one figure.
  const field = isAbsent(details, 'total_inactive_file') ? 'inactive_file' : 'total_inactive_file';
  const cache = numberAt(details, field);
  const usage = cache < usageWithCache ? usageWithCache - cache : usageWithCache;
  const limit = numberAt(stats, 'limit');
  return { usage, usageWithCache, limit, percent: limit > 0 ? (usage / limit) * 100 : 0 };
}

function networkBytes(document: unknown, counter: 'rx_bytes' | 'tx_bytes'): number {
  const interfaces = Object.values(objectAt(document, 'networks') ?? {});
  return interfaces.reduce<number>((sum, one) => sum + numberAt(one, counter), 0);
}

/** cgroup v1 writes `Read`, v2 `read`. */
function blockBytes(document: unknown, operation: 'read' | 'write'): number {
  const entries = listAt(objectAt(document, 'blkio_stats'), 'io_service_bytes_recursive');
  return entries
    .filter((entry) => textAt(entry, 'op')?.toLowerCase() === operation)
    .reduce<number>((sum, entry) => sum + numberAt(entry, 'value'), 0);
}
