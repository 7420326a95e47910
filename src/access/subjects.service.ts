import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import type { Subject } from './role-binding.js';
import { teamIdsOf } from './team-ids.js';

const IDS_PER_QUERY = 1_000;

/** Somebody who can be given a role. */
export interface KnownSubject extends Subject {
  readonly name: string;
  /** A team can not be disabled. */
  readonly disabled: boolean;
}

/** Who there is to give roles to: users, teams and service accounts, as far as access has to know of them. */
@Injectable()
export class SubjectsService {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  async find(subject: Subject): Promise<KnownSubject | undefined> {
    return (await this.findMany([subject])).get(subjectKey(subject));
  }

  /** Those of `subjects` that there are, by `subjectKey`. */
  async findMany(subjects: readonly Subject[]): Promise<Map<string, KnownSubject>> {
    const found = new Map<string, KnownSubject>();
    for (const kind of ['user', 'team', 'serviceAccount'] as const) {
      const ids = [...new Set(subjects.filter((subject) => subject.kind === kind).map(({ id }) => id))];
      for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
        for (const row of await this.rows(kind, ids.slice(start, start + IDS_PER_QUERY))) {
          const subject = { kind, id: row.id, name: row.name, disabled: row.disabled === 1 };
          found.set(subjectKey(subject), subject);
        }
      }
    }
    return found;
  }

  /** The teams that a user is in. */
  teamIdsOf(userId: string): Promise<string[]> {
    return teamIdsOf(userId, this.db);
  }

  private rows(
    kind: Subject['kind'],
    ids: readonly string[],
  ): Promise<{ id: string; name: string; disabled: number }[]> {
    switch (kind) {
      case 'user':
        return this.db
          .selectFrom('user_account')
          .select(['id', 'username as name', 'disabled'])
          .where('id', 'in', ids)
          .execute();
      case 'team':
        return this.db
          .selectFrom('team')
          .select(({ val }) => ['id', 'name', val<number>(0).as('disabled')])
          .where('id', 'in', ids)
          .execute();
      case 'serviceAccount':
        return this.db
          .selectFrom('service_account')
          .select(['id', 'name', 'disabled'])
          .where('id', 'in', ids)
          .execute();
    }
  }
}

export function subjectKey({ kind, id }: Subject): string {
  return `${kind}:${id}`;
}
