import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, type Page, PageOf, type SortKey } from '../common/pagination.js';
import type { StoredSession } from './user-sessions.service.js';

@ObjectType({ description: 'One sign-in of a user, until it ends.' })
export class Session {
  @OutText('Its id.')
  id!: string;

  @OutBoolean('Whether it is the one in use.')
  current!: boolean;

  @OutTime('When the user signed in.')
  createdAt!: string;

  @OutTime('When it was last used, to the minute; null for never.', { nullable: true })
  lastUsedAt!: string | null;

  @OutTime('When it ends unless it is refreshed.')
  expiresAt!: string;

  @OutText('The address that the user signed in from; null where it is not known.', { nullable: true })
  address!: string | null;

  @OutText('What the user signed in with, as that called itself; null where it did not.', { nullable: true })
  userAgent!: string | null;
}

export class SessionPage extends PageOf(Session) {}

/** A page of sessions in GraphQL. */
export const SessionConnection = ConnectionOf(Session);

/** @param current the id of the session in use, if any */
export function toSessionPage(page: Page<StoredSession>, current: string | undefined): Page<Session> {
  const items = page.items.map(({ id, address, userAgent, ...session }) => ({
    id,
    current: id === current,
    createdAt: toDateTime(session.createdAt),
    lastUsedAt: session.lastUsedAt === null ? null : toDateTime(session.lastUsedAt),
    expiresAt: toDateTime(session.expiresAt),
    address,
    userAgent,
  }));
  return { ...page, items };
}

/** What sessions are sorted by, descending. */
export function sessionSortKey({ createdAt, id }: Session): SortKey {
  return [Date.parse(createdAt), id];
}
