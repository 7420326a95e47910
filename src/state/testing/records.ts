import type { ObjectRecord } from '../watched-kind.js';

/** What tests keep of an object. */
export interface TestKept {
  readonly version: number;
}

export type TestRecord = ObjectRecord<TestKept>;

/** A record whose id, unless given, is its name. For tests. */
export function testRecord(
  name: string,
  {
    id = name,
    labels = {},
    createdAt = 0,
    version = 1,
  }: Partial<Omit<TestRecord, 'kept' | 'name'> & TestKept> = {},
): TestRecord {
  return { id, name, labels, createdAt, kept: { version } };
}
