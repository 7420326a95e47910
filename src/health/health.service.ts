import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DomainError } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';

@Injectable()
export class HealthService {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** @throws DomainError `unavailable` while the database does not answer */
  async requireReady(): Promise<void> {
    try {
      await sql`select 1`.execute(this.database);
    } catch (error) {
      throw new DomainError('unavailable', 'The database does not answer', { retryAfter: 5, cause: error });
    }
  }
}
