import { Injectable } from '@nestjs/common';
import { Bell } from '../common/bell.js';
import type { Database } from '../database/schema.js';
import { type DomainEvent, toRow } from './domain-event.js';

/** Rows in one statement. */
const BATCH = 100;

/**
 * Writes down what happened, for whoever is to be told; an event that is written down already is left as it is. While there is
 * nobody to tell, nothing is written.
 *
 * @param db the transaction of what caused them, where there is one: then there is neither without the other
 * @param now milliseconds since the epoch
 */
export async function writeEvents(db: Database, events: readonly DomainEvent[], now: number): Promise<void> {
  if (events.length === 0 || !(await hasListeners(db))) return;
  for (let start = 0; start < events.length; start += BATCH) {
    await db
      .insertInto('domain_event')
      .values(events.slice(start, start + BATCH).map((event) => toRow(event, now)))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
}

/** Whether there is anybody to tell. */
export async function hasListeners(db: Database): Promise<boolean> {
  return (await db.selectFrom('webhook').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Tells the rooms of this process that there is something to look at. What other processes write is found by looking now and then. */
@Injectable()
export class EventBells {
  /** Rings after events were written. */
  readonly written = new Bell();
  /** Rings after somebody asked to be told of events. */
  readonly listening = new Bell();
}
