/** Containers to measure with, made straight at the engine. */

/** Of ordinary size: some labels, variables and a port, as Compose would set them. */
const ORDINARY = {
  Image: 'busybox:latest',
  Cmd: ['sleep', '86400'],
  Env: ['NODE_ENV=production', 'PORT=8080', 'LOG_LEVEL=info'],
  Labels: {
    'com.docker.compose.project': 'bench',
    'com.docker.compose.service': 'web',
    'com.docker.compose.version': '2.29.0',
    'org.opencontainers.image.source': 'https://example.com/bench',
  },
  ExposedPorts: { '8080/tcp': {} },
  HostConfig: { StopTimeout: 0 },
};

/** @param {object} [config] in the engine's terms, over that of an ordinary container @returns {Promise<string>} the id */
export async function createContainer(engine, config = {}) {
  const { text } = await engine.call('POST', '/containers/create', { body: { ...ORDINARY, ...config } });
  return JSON.parse(text).Id;
}

/** @returns {Promise<string[]>} the ids */
export async function createContainers(engine, count) {
  const ids = [];
  await inParallel(Array.from({ length: count }), async () => ids.push(await createContainer(engine)));
  return ids;
}

export async function startContainers(engine, ids) {
  await inParallel(ids, (id) => engine.call('POST', `/containers/${id}/start`));
}

/** Creates and starts. @returns {Promise<string>} the id */
export async function runContainer(engine, config) {
  const id = await createContainer(engine, config);
  await engine.call('POST', `/containers/${id}/start`);
  return id;
}

/** Resolves when it has ended. @throws Error when it ended with another status than 0 */
export async function waitForContainer(engine, id) {
  const { text } = await engine.call('POST', `/containers/${id}/wait`);
  const { StatusCode } = JSON.parse(text);
  if (StatusCode !== 0) throw new Error(`the container ${id} ended with status ${StatusCode}`);
}

export async function removeAllContainers(engine) {
  const { text } = await engine.call('GET', '/containers/json?all=1');
  await inParallel(JSON.parse(text), ({ Id }) => engine.call('DELETE', `/containers/${Id}?force=1&v=1`));
}

async function inParallel(items, work, workers = 8) {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
