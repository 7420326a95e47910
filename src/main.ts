import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createLogger } from './common/logging.js';
import { DomainError, messageOf } from './common/errors.js';
import { CannotUseDataDirectory, prepareDataDirectory } from './config/data-directory.js';
import type { Settings } from './config/settings.js';
import { createApp } from './create-app.js';
import { CannotListen, listenBySetting } from './http/listening.js';
import { readStartSettings } from './start-settings.js';

/** Reads the settings, or says all that is wrong with them and ends with status 2. */
function settingsOrExit(): Settings {
  try {
    return readStartSettings();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

async function start(settings: Settings, logger: Logger): Promise<NestFastifyApplication> {
  prepareDataDirectory(settings.dataDir);
  const app = await createApp(settings, logger);
  const { host, port } = settings.listen;
  await listenBySetting('DOCKMASTER_LISTEN', settings.listen, () => app.listen(port, host));
  return app;
}

async function main(): Promise<void> {
  const settings = settingsOrExit();
  const logger = createLogger(settings.logLevel);
  const app = await start(settings, logger).catch((error: unknown) => {
    if (error instanceof CannotListen || error instanceof CannotUseDataDirectory)
      process.stderr.write(`${error.message}\n`);
    else logger.fatal({ err: error }, `could not start: ${messageOf(error)}`);
    process.exit(1);
  });
  logger.info({ url: await app.getUrl() }, 'Dockmaster is listening');

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping: no new requests, those in flight are finished');
    const deadline = setTimeout(() => {
      logger.warn('requests did not finish in time; closing their connections');
      process.exit(1);
    }, settings.shutdownTimeoutMs);
    app.close().then(
      () => {
        clearTimeout(deadline);
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

await main();
