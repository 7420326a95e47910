import { Logger, Module } from '@nestjs/common';
import { SecretBox } from '../common/secret-box.js';
import { Settings } from '../config/settings.js';
import { DATABASE } from './database.token.js';
import type { Database } from './schema.js';
import { otherKeysWarning } from './sealed-secrets.js';
import { keptSecretKey } from './secret-key.js';

/** One box for the whole program: with the key of the settings, or the one that is kept in the data directory. */
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [Settings, DATABASE],
      useFactory: async ({ secretKey, dataDir, databaseUrl }: Settings, db: Database) => {
        const logger = new Logger('Database');
        if (secretKey === undefined && databaseUrl !== undefined) {
          logger.warn(
            'DOCKMASTER_SECRET_KEY is not set: stored secrets are encrypted with a key in the data directory, which other replicas do not have',
          );
        }
        const box = new SecretBox(secretKey ?? (await keptSecretKey(dataDir)));
        const warning = await otherKeysWarning(db, box);
        if (warning !== undefined) logger.warn(warning);
        return box;
      },
    },
  ],
  exports: [SecretBox],
})
export class SecretBoxModule {}
