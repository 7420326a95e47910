import { describe, expect, it } from '@jest/globals';
import { statsSample } from './stats-sample.js';

const NOW = Date.UTC(2026, 0, 1, 12);

/** What Docker 20.10 sends on cgroup v1, cut down to what matters, `seconds` after the container's start. */
function cgroupV1(seconds: number) {
  const cpu = (at: number) => ({
    cpu_usage: { total_usage: at * 500_000_000, percpu_usage: [1, 2] },
    system_cpu_usage: at * 2_000_000_000,
    online_cpus: 2,
  });
  return {
    read: `2026-01-01T00:00:0${seconds}.500000000Z`,
    preread: '2026-01-01T00:00:00.500000000Z',
    pids_stats: { current: 3 },
    blkio_stats: {
      io_service_bytes_recursive: [
        { major: 8, minor: 0, op: 'Read', value: 1_000 * seconds },
        { major: 8, minor: 0, op: 'Write', value: 10 * seconds },
        { major: 8, minor: 16, op: 'Read', value: 1_000 * seconds },
        { major: 8, minor: 0, op: 'Total', value: 99_999 },
      ],
    },
    cpu_stats: cpu(seconds),
    precpu_stats: seconds > 1 ? cpu(seconds - 1) : { cpu_usage: { total_usage: 0 } },
    memory_stats: {
      usage: 5_000,
      limit: 40_000,
      stats: { cache: 2_000, inactive_file: 7, total_inactive_file: 1_000 },
    },
    networks: {
      eth0: { rx_bytes: 100 * seconds, tx_bytes: 50 * seconds },
      eth1: { rx_bytes: 300 * seconds, tx_bytes: 0 },
    },
  };
}

describe('a sample', () => {
  it('has the figures of docker stats, from cgroup v1', () => {
    const first = statsSample(cgroupV1(1), undefined, NOW);
    expect(statsSample(cgroupV1(2), first, NOW)).toEqual({
      readAt: '2026-01-01T00:00:02.500000000Z',
      cpuPercent: 50, // Half a second of CPU time, in a second.
      cpu: { totalNanoseconds: 1_000_000_000, systemNanoseconds: 4_000_000_000, onlineCpus: 2 },
      memory: { usage: 4_000, usageWithCache: 5_000, limit: 40_000, percent: 10 },
      network: { rxBytes: 800, txBytes: 100, rxRate: 400, txRate: 50 },
      blockIo: { readBytes: 4_000, writeBytes: 20, readRate: 2_000, writeRate: 10 },
      pids: 3,
    });
  });

  it('has the figures of docker stats, from cgroup v2', () => {
    const sample = statsSample(
      {
        ...cgroupV1(2),
        blkio_stats: {
          io_service_bytes_recursive: [
            { major: 8, minor: 0, op: 'read', value: 70 },
            { major: 8, minor: 0, op: 'write', value: 30 },
          ],
        },
        memory_stats: { usage: 5_000, limit: 10_000, stats: { file: 2_000, inactive_file: 500 } },
      },
      undefined,
      NOW,
    );
    expect(sample.memory).toEqual({ usage: 4_500, usageWithCache: 5_000, limit: 10_000, percent: 45 });
    expect(sample.blockIo).toMatchObject({ readBytes: 70, writeBytes: 30 });
    expect(sample.cpuPercent).toBe(50);
  });

  it('has no rates and no CPU use when it is the first', () => {
    const first = statsSample(cgroupV1(1), undefined, NOW);
    expect(first.network).toEqual({ rxBytes: 400, txBytes: 50, rxRate: null, txRate: null });
    expect(first.blockIo).toMatchObject({ readRate: null, writeRate: null });
    expect(first.cpuPercent).toBe(0);
  });

  it('compares CPU use with the sample before where the engine names no earlier reading', () => {
    const first = statsSample(cgroupV1(1), undefined, NOW);
    const second = statsSample({ ...cgroupV1(2), precpu_stats: {} }, first, NOW);
    expect(second.cpuPercent).toBe(50);
  });

  it('has rates by the time that passed, not by the number of samples', () => {
    const first = statsSample(cgroupV1(1), undefined, NOW);
    expect(statsSample(cgroupV1(5), first, NOW).network.rxRate).toBe(400);
  });

  it('has no rate when a counter began anew, or no time has passed', () => {
    const before = statsSample(cgroupV1(5), undefined, NOW);
    const restarted = statsSample({ ...cgroupV1(1), read: cgroupV1(6).read }, before, NOW);
    expect(restarted.network).toMatchObject({ rxBytes: 400, rxRate: null, txRate: null });
    expect(restarted.cpuPercent).toBe(0);
    expect(statsSample(cgroupV1(5), before, NOW).network.rxRate).toBeNull();
  });

  it.each([
    [
      'of a container that has just stopped',
      { read: '0001-01-01T00:00:00Z', cpu_stats: { cpu_usage: { total_usage: 0 } } },
    ],
    ['that is empty', {}],
    [
      'with nulls',
      {
        cpu_stats: null,
        memory_stats: null,
        networks: null,
        blkio_stats: { io_service_bytes_recursive: null },
      },
    ],
    ['of other types', { cpu_stats: 7, memory_stats: 'x', networks: [1], pids_stats: { current: '3' } }],
    ['that is none', null],
  ])('from a document %s is all 0', (_, document) => {
    const before = statsSample(cgroupV1(1), undefined, NOW);
    for (const previous of [undefined, before]) {
      const sample = statsSample(document, previous, NOW);
      expect(sample).toMatchObject({
        readAt: '2026-01-01T12:00:00.000Z',
        cpuPercent: 0,
        memory: { usage: 0, limit: 0, percent: 0 },
        network: { rxBytes: 0, rxRate: null },
        blockIo: { readBytes: 0, readRate: null },
        pids: 0,
      });
    }
  });

  it('ignores what Windows containers send', () => {
    const document = {
      read: '2026-01-01T00:00:00Z',
      num_procs: 4,
      storage_stats: { read_count_normalized: 1 },
      memory_stats: { commitbytes: 1 },
    };
    expect(statsSample(document, undefined, NOW).memory.usage).toBe(0);
  });
});
