import { describe, expect, it } from '@jest/globals';
import { DomainError, type ErrorKind } from '../common/errors.js';
import type { AuditEntry } from './audit-record.js';
import { recordingRefusal } from './refusals.js';

const ENTRY = { operation: 'endSession' } as AuditEntry;

describe('what is decided outside the gate', () => {
  const deciding = async (decide: () => unknown) => {
    const records: [AuditEntry, string][] = [];
    const refused = (entry: AuditEntry, reason: string) => {
      records.push([entry, reason]);
      return Promise.resolve();
    };
    const result = await recordingRefusal({ refused }, ENTRY, decide).catch((error: unknown) => error);
    return { result, records };
  };

  it('is not on record where it is allowed', async () => {
    expect(await deciding(() => 7)).toEqual({ result: 7, records: [] });
  });

  it.each<ErrorKind>(['forbidden', 'not_found'])('is on record where it is %s', async (kind) => {
    const error = new DomainError(kind, 'no');
    expect(
      await deciding(() => {
        throw error;
      }),
    ).toEqual({ result: error, records: [[ENTRY, 'no']] });
  });

  it('is not on record where it fails otherwise', async () => {
    const error = new DomainError('conflict', 'no');
    expect(await deciding(() => Promise.reject(error))).toEqual({ result: error, records: [] });
  });
});
