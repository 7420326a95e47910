import { DomainError, type FieldError } from '../common/errors.js';

/**
 * An option of the Engine API that not all of the versions that we speak have. Where a version lacks an option the
 * engine takes no notice of it, so it has to be refused here.
 */
export interface VersionedOption {
  /** The input field, such as `mounts.*.volume.subpath`. `*` stands for each item of a list. */
  readonly field: string;
  /** Holds for this value of the field only. */
  readonly value?: string;
  /** The first API version that has the option. */
  readonly since?: string;
  /** The last API version that has the option. */
  readonly until?: string;
}

/** Source: the version history of the Engine API, and the differences between its descriptions of 1.41 and 1.55. */
export const CREATE_OPTIONS: readonly VersionedOption[] = [
  { field: 'consoleSize', since: '1.42' },
  { field: 'mounts.*.bind.createMountpoint', since: '1.42' },
  { field: 'mounts.*.type', value: 'cluster', since: '1.42' },
  { field: 'annotations', since: '1.43' },
  { field: 'healthcheck.startIntervalSeconds', since: '1.44' },
  { field: 'mounts.*.bind.readOnlyNonRecursive', since: '1.44' },
  { field: 'mounts.*.bind.readOnlyForceRecursive', since: '1.44' },
  { field: 'mounts.*.volume.subpath', since: '1.45' },
  { field: 'mounts.*.tmpfs.options', since: '1.46' },
  { field: 'mounts.*.type', value: 'image', since: '1.48' },
  { field: 'networks.*.priority', since: '1.48' },
  { field: 'resources.kernelMemory', until: '1.41' },
  { field: 'resources.kernelMemoryTcp', until: '1.51' },
];

export const UPDATE_OPTIONS: readonly VersionedOption[] = [
  { field: 'resources.kernelMemory', until: '1.41' },
  { field: 'resources.blkioWeightDevices', since: '1.55' },
  { field: 'resources.blkioReadBytesPerSecond', since: '1.55' },
  { field: 'resources.blkioWriteBytesPerSecond', since: '1.55' },
  { field: 'resources.blkioReadOperationsPerSecond', since: '1.55' },
  { field: 'resources.blkioWriteOperationsPerSecond', since: '1.55' },
];

/** Of stop and restart. */
export const STOP_OPTIONS: readonly VersionedOption[] = [{ field: 'signal', since: '1.42' }];

/** Of creating and starting an exec. */
export const EXEC_OPTIONS: readonly VersionedOption[] = [{ field: 'consoleSize', since: '1.42' }];

/**
 * Refuses what the engine would take no notice of.
 *
 * @param apiVersion the version spoken with the engine, such as `1.41`
 * @throws DomainError `not_supported` that names each such field
 */
export function requireSupported(
  input: object,
  options: readonly VersionedOption[],
  apiVersion: string,
): void {
  const errors = options
    .filter(({ since, until }) => isOlder(apiVersion, since) || isOlder(until, apiVersion))
    .flatMap((option) =>
      valuesAt(input, option.field.split('.'))
        .filter(([, value]) => option.value === undefined || value === option.value)
        .map(([field]): FieldError => ({ field, message: `${field} ${needs(option)}` })),
    );
  if (errors.length === 0) return;
  throw new DomainError(
    'not_supported',
    `The engine speaks API ${apiVersion}: ${errors.map(({ message }) => message).join('; ')}`,
    { errors },
  );
}

/** Whether `version` comes before `other`. What has no version is never older. */
export function isOlder(version: string | undefined, other: string | undefined): boolean {
  if (version === undefined || other === undefined) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

function needs({ value, since, until }: VersionedOption): string {
  const what = value === undefined ? '' : `'${value}' `;
  return since === undefined ? `${what}ended with API ${until ?? ''}` : `${what}needs API ${since}`;
}

/** The values that are there at a path, each with the path it was found at. */
function valuesAt(value: unknown, [step, ...rest]: string[], at: string[] = []): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [[at.join('.'), value]];
  if (step === '*') {
    return Array.isArray(value)
      ? value.flatMap((item, index) => valuesAt(item, rest, [...at, String(index)]))
      : [];
  }
  return valuesAt((value as Record<string, unknown>)[step], rest, [...at, step]);
}
