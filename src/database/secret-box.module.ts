import { Logger, Module } from '@nestjs/common';
import { SecretBox } from '../common/secret-box.js';
import { Settings } from '../config/settings.js';
import { keptSecretKey } from './secret-key.js';

/** One box for the whole program: with the key of the settings, or the one that is kept in the data directory. */
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [Settings],
      useFactory: async ({ secretKey, dataDir, databaseUrl }: Settings) => {
        if (secretKey === undefined && databaseUrl !== undefined) {
          new Logger('Database').warn(
            'DOCKMASTER_SECRET_KEY is not set: stored secrets are encrypted with a key in the data directory, which other replicas do not have',
          );
        }
        return new SecretBox(secretKey ?? (await keptSecretKey(dataDir)));
      },
    },
  ],
  exports: [SecretBox],
})
export class SecretBoxModule {}
