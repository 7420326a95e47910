/** `npm run down`: stops what `npm run up` started. The data stays. */
import { privateEngineDirectory } from './lib/find-engine.mjs';
import { runningServer, serverSettings, stopServer } from './lib/server.mjs';
import { numberedSteps, runMain } from './lib/steps.mjs';
import { PrivateEngine } from './private-engine.mjs';

await runMain(async () => {
  const { dataDirectory } = serverSettings();
  const step = numberedSteps();
  await step('Dockmaster', async () => {
    const server = runningServer(dataDirectory);
    if (server === undefined) return 'was not running';
    await stopServer(dataDirectory, server);
    return 'stopped';
  });
  await step('Engine', async (say) => {
    const engine = PrivateEngine.adopt(privateEngineDirectory(dataDirectory));
    if (engine === undefined) return 'none of our own runs';
    say('stops its containers, then the engine');
    await engine.stop();
    return 'stopped';
  });
  console.log(`\nThe data stays in ${dataDirectory}; npm run up starts it again.`);
});
