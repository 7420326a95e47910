import { describe, expect, it } from '@jest/globals';
import { changeOrDryRun, inTransaction } from './dry-run.js';

/** Keeps what was written only where the transaction went through. */
function transactions() {
  const kept: string[] = [];
  return {
    kept,
    execute: async <T>(work: (written: string[]) => Promise<T>): Promise<T> => {
      const written: string[] = [];
      const result = await work(written);
      kept.push(...written);
      return result;
    },
  };
}

describe('a transaction', () => {
  const write = (written: string[]) => {
    written.push('row');
    return Promise.resolve('answer');
  };

  it('keeps what was written', async () => {
    const store = transactions();
    expect(await inTransaction(store, {}, write)).toBe('answer');
    expect(store.kept).toEqual(['row']);
  });

  it('of a dry run answers the same and keeps nothing', async () => {
    const store = transactions();
    expect(await inTransaction(store, { dryRun: true }, write)).toBe('answer');
    expect(store.kept).toEqual([]);
  });

  it('of a dry run fails with what is wrong', async () => {
    const conflict = () => Promise.reject(new Error('taken'));
    await expect(inTransaction(transactions(), { dryRun: true }, conflict)).rejects.toThrow('taken');
  });
});

describe('a change through the gate', () => {
  const target = { kind: 'user', name: 'alice' };
  const operation = 'users:create';
  function gate(allowed = true) {
    const calls: string[] = [];
    const require = (permission: string) => {
      calls.push(`require ${permission}`);
      return allowed ? Promise.resolve() : Promise.reject(new Error('forbidden'));
    };
    const change = <T>(permission: string, _target: object, work: () => Promise<T>) => {
      calls.push(`record ${permission}`);
      return work();
    };
    return { calls, require, change };
  }
  const work = () => Promise.resolve('answer');

  it('is recorded', async () => {
    const recording = gate();
    expect(await changeOrDryRun(recording, { operation, target }, work)).toBe('answer');
    expect(recording.calls).toEqual(['record users:create']);
  });

  it('is not recorded for a dry run, which needs the same right', async () => {
    const recording = gate();
    expect(await changeOrDryRun(recording, { operation, target, dryRun: true }, work)).toBe('answer');
    expect(recording.calls).toEqual(['require users:create']);
    const attempt = changeOrDryRun(gate(false), { operation, target, dryRun: true }, work);
    await expect(attempt).rejects.toThrow('forbidden');
  });
});
