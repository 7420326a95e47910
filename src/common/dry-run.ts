import { ArgsType } from '@nestjs/graphql';
import type { Permission } from './permissions.js';
import { InBoolean } from './input-fields.js';

/** The input field by which nothing is made. */
export const InDryRun = (): PropertyDecorator =>
  InBoolean({
    description:
      'Check everything (rights, validity, conflicts) and answer with what would be made, but make nothing. Default: false.',
    optional: true,
    fromText: true,
  });

/** What everything that makes something takes besides: by REST in the query, by GraphQL as an argument. */
@ArgsType()
export class DryRunQuery {
  @InDryRun()
  dryRun?: boolean;
}

/** What the gate offers for what belongs to no engine. */
interface Gatekeeper {
  require(permission: Permission): Promise<void>;
  change<T>(
    operation: Permission,
    target: { kind: string; id?: string; name?: string },
    work: () => Promise<T>,
  ): Promise<T>;
}

/**
 * A change through the gate, or a dry run of it: the same right is needed and the same work done, but no record is
 * written, because nothing changes. Refusals are recorded either way. `work` has to use `inTransaction` for what it
 * writes.
 *
 * @param gate `gate.as(actor)`
 * @throws as `change`
 */
export async function changeOrDryRun<T>(
  gate: Gatekeeper,
  { dryRun = false, operation, target }: Change,
  work: () => Promise<T>,
): Promise<T> {
  if (!dryRun) return gate.change(operation, target, work);
  await gate.require(operation);
  return work();
}

export interface Change {
  readonly dryRun?: boolean | undefined;
  readonly operation: Permission;
  readonly target: { kind: string; id?: string; name?: string };
}

/** Kysely's `db.transaction()`. */
interface Transactions<Transaction> {
  execute<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/**
 * Carries `work` out in a transaction, which is rolled back for a dry run: every constraint of the database is tried,
 * and nothing stays.
 *
 * @param transactions `db.transaction()`
 * @returns what `work` returned, also for a dry run
 */
export async function inTransaction<Transaction, T>(
  transactions: Transactions<Transaction>,
  { dryRun = false }: DryRunQuery,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  if (!dryRun) return transactions.execute(work);
  const rehearsal: { result?: { value: T } } = {};
  try {
    await transactions.execute(async (transaction) => {
      rehearsal.result = { value: await work(transaction) };
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  if (!rehearsal.result) throw new Error('A dry run ended without a result');
  return rehearsal.result.value;
}

/** Thrown so that Kysely rolls the transaction of a dry run back. */
class RolledBack extends Error {}
