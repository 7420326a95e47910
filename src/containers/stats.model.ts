import { ObjectType } from '@nestjs/graphql';
import { OutBigInteger, OutInteger, OutNumber, OutObject, OutTime } from '../common/output-fields.js';

const RATE = { nullable: true } as const;

@ObjectType({ description: 'CPU time of a container.' })
export class CpuStats {
  @OutBigInteger('CPU time since the start, in nanoseconds.')
  totalNanoseconds!: number;

  @OutBigInteger('CPU time of the whole host since its start, in nanoseconds, over all its CPUs.')
  systemNanoseconds!: number;

  @OutInteger('How many CPUs the container can run on.')
  onlineCpus!: number;
}

@ObjectType({ description: 'Memory of a container.' })
export class MemoryStats {
  @OutBigInteger('Bytes in use, without cache that can be given back at once.')
  usage!: number;

  @OutBigInteger('Bytes in use as the kernel counts them, cache included.')
  usageWithCache!: number;

  @OutBigInteger('The limit in bytes; the memory of the host where there is none.')
  limit!: number;

  @OutNumber('Usage as a share of the limit, 0 to 100.')
  percent!: number;
}

@ObjectType({ description: 'Network traffic of a container, over all its networks.' })
export class NetworkStats {
  @OutBigInteger('Bytes received since the start.')
  rxBytes!: number;

  @OutBigInteger('Bytes sent since the start.')
  txBytes!: number;

  @OutNumber('Bytes received per second since the sample before; null in the first.', RATE)
  rxRate!: number | null;

  @OutNumber('Bytes sent per second since the sample before; null in the first.', RATE)
  txRate!: number | null;
}

@ObjectType({ description: 'Block I/O of a container, over all devices.' })
export class BlockIoStats {
  @OutBigInteger('Bytes read since the start.')
  readBytes!: number;

  @OutBigInteger('Bytes written since the start.')
  writeBytes!: number;

  @OutNumber('Bytes read per second since the sample before; null in the first.', RATE)
  readRate!: number | null;

  @OutNumber('Bytes written per second since the sample before; null in the first.', RATE)
  writeRate!: number | null;
}

@ObjectType({ description: 'What a container uses, at one time.' })
export class ContainerStats {
  @OutTime('When the engine took the sample.')
  readAt!: string;

  @OutNumber('CPU use since the sample before, 100 for one CPU in full; 0 in the first.')
  cpuPercent!: number;

  @OutObject(() => CpuStats, 'CPU time, as counted.')
  cpu!: CpuStats;

  @OutObject(() => MemoryStats, 'Memory.')
  memory!: MemoryStats;

  @OutObject(() => NetworkStats, 'Network traffic.')
  network!: NetworkStats;

  @OutObject(() => BlockIoStats, 'Block I/O.')
  blockIo!: BlockIoStats;

  @OutInteger('How many processes and threads.')
  pids!: number;
}
