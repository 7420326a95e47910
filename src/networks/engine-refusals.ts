import { DomainError } from '../common/errors.js';

/** How an engine says that something stands against a call on a network: no right is missing. */
const FORBIDDEN = 403;
/** For this engines have no status but that of an error of their own. */
const NOT_CONNECTED = /is not connected to (the )?network/i;

/**
 * Makes the call, and tells of what stands against it as of a conflict: an address that is taken, a container that is on
 * the network already, or still. The engine names containers that its caller may not see; they are left out.
 *
 * @throws DomainError `conflict`, and whatever else `call` throws
 */
export async function orConflict<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DomainError) || !('status' in error)) throw error;
    if (error.status !== FORBIDDEN && !NOT_CONNECTED.test(error.message)) throw error;
    const message = error.message.replace(/(has active endpoints).*/is, '$1');
    throw new DomainError('conflict', message, { cause: error });
  }
}
