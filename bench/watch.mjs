/** Watching what changes among the containers, by REST and by GraphQL: each tells of every change, with when it came. */
import { CONTAINER_FIELDS } from './list.mjs';
import { subscribe } from './subscription.mjs';

const SUBSCRIPTION = `subscription { containerChanged(engine: "local") { kind id revision staleSeconds container { ${CONTAINER_FIELDS} } } }`;
const WATCH = {
  path: '/api/v1/engines/local/containers?watch=true',
  headers: { accept: 'text/event-stream' },
};

/**
 * @typedef {{ kind: string, id: string | null, container: { state: string } | null }} Change as Dockmaster tells it
 * @typedef {(change: Change, receivedAt: number) => void} Listener `receivedAt` by the clock of `performance.now()`
 */

/** Resolves when all there is was told: from then on it is changes. @param {Listener} onChange @returns {Promise<() => void>} ends it */
export async function watchByRest(client, onChange) {
  const response = await client.open(WATCH);
  response.on('error', () => undefined); // it is cut at the end
  response.setEncoding('utf8');
  let rest = '';
  await new Promise((resolve) => {
    response.on('data', (chunk) => {
      const receivedAt = performance.now();
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        if (data === undefined) continue;
        const change = JSON.parse(data.slice('data: '.length));
        if (change.kind === 'synced') resolve();
        onChange(change, receivedAt);
      }
    });
  });
  return () => response.destroy();
}

/** The same by a GraphQL subscription. @param {Listener} onChange @returns {Promise<() => void>} ends it */
export async function watchByGraphql(dockmaster, onChange) {
  const { promise, resolve } = Promise.withResolvers();
  const authorization = await dockmaster.signIn();
  const subscription = { url: dockmaster.webSocketUrl, authorization, query: SUBSCRIPTION };
  const socket = await subscribe(subscription, (message) => {
    const receivedAt = performance.now();
    const { data, errors } = JSON.parse(message).payload;
    if (errors !== undefined) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
    if (data.containerChanged.kind === 'synced') resolve();
    onChange(data.containerChanged, receivedAt);
  });
  await promise;
  return () => socket.terminate();
}
