import { DomainError } from '../common/errors.js';
import { OLDEST_API_VERSION, type ApiVersion, type Operation } from './operations/index.js';

/** The oldest Engine API version that we speak; an engine that knows only older ones is refused. */
export const MIN_API_VERSION: ApiVersion = OLDEST_API_VERSION;

/** The newest Engine API version that we speak, also to engines that know newer ones. */
export const MAX_API_VERSION: ApiVersion = '1.55';

/**
 * The version to speak with an engine: the newest that both sides know.
 *
 * @param engine the engine's name, for messages
 * @param offered the engine's newest version, from the `Api-Version` header of `GET /_ping`
 * @throws DomainError `not_supported` for an engine that is too old, `engine_error` for what is no version.
 */
export function chooseApiVersion(engine: string, offered: string | undefined): ApiVersion {
  const version = parseApiVersion(offered);
  if (version === undefined) {
    throw new DomainError('engine_error', `What answers as engine "${engine}" does not say its API version.`);
  }
  if (isOlder(version, MIN_API_VERSION)) {
    throw new DomainError(
      'not_supported',
      `Engine "${engine}" speaks API version ${version}; the oldest that is supported is ${MIN_API_VERSION}.`,
    );
  }
  return isOlder(version, MAX_API_VERSION) ? version : MAX_API_VERSION;
}

/** @throws DomainError `not_supported` when `operation` came with a newer API version than the one spoken. */
export function assertSupported(engine: string, operation: Operation, spoken: ApiVersion): void {
  if (!isOlder(spoken, operation.since)) return;
  throw new DomainError(
    'not_supported',
    `${operation.id} needs API version ${operation.since}; engine "${engine}" speaks ${spoken}.`,
  );
}

function parseApiVersion(text: string | undefined): ApiVersion | undefined {
  return text !== undefined && /^1\.\d{1,4}$/.test(text) ? (text as ApiVersion) : undefined;
}

/** Whether `left` comes before `right`. */
export function isOlder(left: ApiVersion, right: ApiVersion): boolean {
  return minor(left) < minor(right);
}

function minor(version: ApiVersion): number {
  return Number(version.slice(2));
}
