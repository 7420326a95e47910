import { DomainError } from '../common/errors.js';

/** The oldest API version that clients may speak, as of Docker Engine 25. */
const OLDEST_CLIENT = 24;

/**
 * Whether a client that speaks this version is served. Upstream one version is spoken whatever it asks for, so what old versions
 * let a caller do (a host configuration with a start, host fields at the top of a create) is nothing that can be asked for.
 *
 * @param minor of the version in the path; undefined where there is none
 * @param spoken with the engine, such as `1.41`
 * @throws DomainError `invalid_input`, in the engine's own words, for one that is too old or too new
 */
export function requireServed(minor: number | undefined, spoken: string): void {
  if (minor === undefined) return;
  if (minor < OLDEST_CLIENT) {
    throw new DomainError(
      'invalid_input',
      `client version 1.${minor} is too old. Minimum supported API version is ${OLDEST_API}, ` +
        'please upgrade your client to a newer version',
    );
  }
  if (minor > Number(spoken.split('.')[1])) {
    throw new DomainError(
      'invalid_input',
      `client version 1.${minor} is too new. Maximum supported API version is ${spoken}`,
    );
  }
}

export const OLDEST_API = `1.${OLDEST_CLIENT}`;

interface Versions {
  readonly ApiVersion?: string;
  readonly MinAPIVersion?: string;
}

/** An engine's answer to SystemVersion, with the versions that clients can speak here. */
export function withServedVersions(document: object, spoken: string): object {
  const served = <T extends Versions>(part: T): T => ({
    ...part,
    ...(part.ApiVersion === undefined ? {} : { ApiVersion: spoken }),
    ...(part.MinAPIVersion === undefined ? {} : { MinAPIVersion: later(part.MinAPIVersion, OLDEST_API) }),
  });
  const { Components, ...rest } = document as {
    Components?: readonly { readonly Name?: string; readonly Details?: Versions }[] | null;
  };
  const components = Components?.map((component) =>
    component.Name === 'Engine' && component.Details
      ? { ...component, Details: served(component.Details) }
      : component,
  );
  const versions = served(rest as Versions);
  return Components === undefined ? versions : { ...versions, Components: components ?? null };
}

function later(left: string, right: string): string {
  return Number(left.split('.')[1]) > Number(right.split('.')[1]) ? left : right;
}
