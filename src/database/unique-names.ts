import { DomainError } from '../common/errors.js';
import { isUniqueViolation } from './constraints.js';
import type { Database, Schema } from './schema.js';

/**
 * @param what in words: `hook`
 * @throws DomainError `conflict` where `work` failed because its name is taken
 */
export async function refusingTakenName<T>(what: string, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new DomainError('conflict', `There is a ${what} ${name} already`, { cause: error });
  }
}

/** @throws DomainError `conflict` where a table has so many rows already */
export async function refuseMoreThan(
  most: number,
  what: string,
  table: keyof Schema,
  transaction: Database,
): Promise<void> {
  const { count } = await transaction
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (count >= most)
    throw new DomainError('conflict', `There are ${most} ${what} already; delete some first`);
}
