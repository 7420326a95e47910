import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { DATABASE } from './database.token.js';
import { openDatabase } from './open-database.js';
import type { Database } from './schema.js';

/** One database for the whole program, opened and migrated before anything that uses it starts. */
@Global()
@Module({
  providers: [
    {
      provide: DATABASE,
      inject: [Settings],
      useFactory: ({ dataDir, databaseUrl }: Settings) =>
        openDatabase({
          dataDir,
          databaseUrl,
          onLostConnection: (error) => new Logger('Database').warn(`connection lost: ${error.message}`),
        }),
    },
  ],
  exports: [DATABASE],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
  }
}
