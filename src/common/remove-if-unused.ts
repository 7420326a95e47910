import { DomainError } from './errors.js';

/**
 * Removes one of the objects that are pruned.
 *
 * @returns false where it was taken into use, or removed, meanwhile
 */
export async function removeIfUnused(remove: () => Promise<unknown>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (error instanceof DomainError && ['conflict', 'not_found'].includes(error.kind)) return false;
    throw error;
  }
}
