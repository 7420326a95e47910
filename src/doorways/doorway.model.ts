import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutChoice, OutObject, OutText, OutTime } from '../common/output-fields.js';
import type { SortKey } from '../common/pagination.js';
import { DOORWAY_SUBJECT_KINDS, type DoorwaySubjectKind, type StoredDoorway } from './doorway.js';

@ObjectType({ description: 'Whom a scoped socket or a client certificate stands for.' })
export class DoorwaySubject {
  @OutChoice(DOORWAY_SUBJECT_KINDS, 'What it is.')
  kind!: DoorwaySubjectKind;

  @OutText('Its id.')
  id!: string;

  @OutText('Its name; null for one that is gone.', { nullable: true })
  name!: string | null;
}

/** What is told of a scoped socket and of a client certificate alike. */
@ObjectType({ isAbstract: true })
export abstract class Doorway {
  @OutText('Its id.')
  id!: string;

  @OutText('What it is called.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutObject(() => DoorwaySubject, 'Whom it stands for.')
  subject!: DoorwaySubject;

  @OutText('The one engine that it leads to.')
  engine!: string;

  @OutText('All that it may be used for; null for all that the subject may.', { nullable: true, list: true })
  permissions!: string[] | null;

  @OutBoolean('Whether nobody may come in by it.')
  disabled!: boolean;

  @OutTime('When it ends; null for one that does not end by itself.', { nullable: true })
  expiresAt!: string | null;

  @OutTime('When it was made.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;

  @OutTime('When it was last used, to the minute; null for never.', { nullable: true })
  lastUsedAt!: string | null;
}

/** @param subjectName undefined where the subject is gone */
export function toDoorway(stored: StoredDoorway, subjectName: string | undefined): Doorway {
  const { id, name, description, subject, engine, permissions, disabled, expiresAt, lastUsedAt } = stored;
  return {
    id,
    name,
    description,
    subject: { ...subject, name: subjectName ?? null },
    engine,
    permissions: permissions ? [...permissions] : null,
    disabled,
    expiresAt: expiresAt === null ? null : toDateTime(expiresAt),
    createdAt: toDateTime(stored.createdAt),
    updatedAt: toDateTime(stored.updatedAt),
    lastUsedAt: lastUsedAt === null ? null : toDateTime(lastUsedAt),
  };
}

/** What scoped sockets, and client certificates, are sorted by, ascending. */
export function doorwaySortKey({ name, id }: Doorway): SortKey {
  return [name, id];
}
