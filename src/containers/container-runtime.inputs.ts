import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InNumber, InText, InTextMap } from '../common/input-fields.js';

/** 24 days: the engine counts in nanoseconds, and more serves nobody. */
const MAX_SECONDS = 2_073_600;
const SECONDS = { min: 0, max: MAX_SECONDS, optional: true } as const;

export const RESTART_POLICIES = ['no', 'always', 'unless-stopped', 'on-failure'] as const;

@InputType({ description: 'What the engine does when the container stops by itself (`RestartPolicy`).' })
export class RestartPolicyInput {
  @InChoice({
    description:
      '`no`: nothing. `always`: restart. `unless-stopped`: the same, but not after a stop by hand. `on-failure`: restart after an exit code other than 0.',
    values: RESTART_POLICIES,
    example: 'unless-stopped',
  })
  name!: (typeof RESTART_POLICIES)[number];

  @InInteger({
    description: 'How often `on-failure` restarts before it gives up; 0 for no limit.',
    min: 0,
    max: 2 ** 31 - 1,
    optional: true,
  })
  maximumRetryCount?: number;
}

@InputType({ description: 'How the engine finds out whether the container works (`Healthcheck`).' })
export class HealthcheckInput {
  @InText({
    description:
      '`["CMD", program, arguments…]`, `["CMD-SHELL", line]`, or `["NONE"]` to turn off the check of the image. Left out or empty: the check of the image.',
    max: 131_072,
    multiline: true,
    list: { max: 256 },
    optional: true,
    example: ['CMD-SHELL', 'wget -q -O /dev/null http://127.0.0.1/ || exit 1'],
  })
  test?: string[];

  @InNumber({ description: 'Seconds between checks, at least 0.001; 0: as the image says.', ...SECONDS })
  intervalSeconds?: number;

  @InNumber({ description: 'Seconds after which a check has failed; 0: as the image says.', ...SECONDS })
  timeoutSeconds?: number;

  @InNumber({
    description: 'Seconds after the start in which failures do not count; 0: as the image says.',
    ...SECONDS,
  })
  startPeriodSeconds?: number;

  @InNumber({ description: 'Seconds between checks in the start period. From API 1.44.', ...SECONDS })
  startIntervalSeconds?: number;

  @InInteger({
    description: 'Failures in a row that make the container unhealthy; 0: as the image says.',
    min: 0,
    max: 1_000_000,
    optional: true,
  })
  retries?: number;
}

@InputType({ description: 'Where the output of the container goes (`LogConfig`).' })
export class LoggingInput {
  @InText({
    description: 'The logging driver. Default: that of the engine.',
    max: 255,
    min: 1,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_./:-]*$/,
    patternHint: 'the name of a logging driver',
    optional: true,
    example: 'json-file',
  })
  driver?: string;

  @InTextMap({
    description: 'Options that the logging driver understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
    example: { 'max-size': '10m' },
  })
  options?: Record<string, string>;
}

@InputType({ description: 'How the container looks up names.' })
export class DnsInput {
  @InText({
    description: 'Addresses of the servers to ask (`Dns`).',
    max: 45,
    pattern: /^[0-9a-fA-F:.]{2,45}$/,
    patternHint: 'an IP address',
    list: { max: 32 },
    optional: true,
    example: ['192.0.2.53'],
  })
  servers?: string[];

  @InText({
    description: 'Domains to look up short names in (`DnsSearch`).',
    max: 255,
    min: 1,
    list: { max: 32 },
    optional: true,
  })
  search?: string[];

  @InText({
    description: 'Options of resolv.conf(5) (`DnsOptions`).',
    max: 255,
    min: 1,
    list: { max: 32 },
    optional: true,
    example: ['ndots:2'],
  })
  options?: string[];

  @InText({
    description: 'Lines for /etc/hosts, each `name:address` (`ExtraHosts`).',
    max: 512,
    min: 3,
    pattern: /^[^\s:=]+[:=]\S+$/,
    patternHint: 'name:address',
    list: { max: 256 },
    optional: true,
    example: ['db.internal:192.0.2.10'],
  })
  extraHosts?: string[];
}

@InputType({ description: 'The size of a terminal, in characters.' })
export class TerminalSizeInput {
  @InInteger({ description: 'Columns.', min: 1, max: 1_000, example: 120 })
  width!: number;

  @InInteger({ description: 'Rows.', min: 1, max: 1_000, example: 40 })
  height!: number;
}

/** Where a container's input and output are connected when a client attaches. */
@InputType({ isAbstract: true })
export class StreamsInput {
  @InBoolean({
    description: 'Whether the container has a terminal. Output is then one stream (`Tty`).',
    optional: true,
  })
  tty?: boolean;

  @InBoolean({
    description: 'Whether input stays open while nobody is attached (`OpenStdin`).',
    optional: true,
  })
  openStdin?: boolean;

  @InBoolean({
    description: 'Whether input closes when the first client leaves (`StdinOnce`).',
    optional: true,
  })
  stdinOnce?: boolean;

  @InBoolean({ description: 'Whether input is attached (`AttachStdin`).', optional: true })
  attachStdin?: boolean;

  @InBoolean({ description: 'Whether output is attached (`AttachStdout`).', optional: true })
  attachStdout?: boolean;

  @InBoolean({ description: 'Whether error output is attached (`AttachStderr`).', optional: true })
  attachStderr?: boolean;
}
