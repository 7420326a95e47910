/** What an engine says of a few containers, recorded so that a scripted engine can say the like of many. */
import { runContainer, waitForContainer } from './test-containers.mjs';

/** What a copy has of its own, by what stands for it in the recording. */
export const RECORDED = { project: 'bench-project', service: 'bench-service', name: 'bench-recorded' };

const CONFIG = {
  Cmd: ['sh', '-c', 'test "$0" = once || sleep 86400'],
  Labels: {
    'com.docker.compose.project': RECORDED.project,
    'com.docker.compose.service': RECORDED.service,
    'com.docker.compose.version': '2.29.0',
    'org.opencontainers.image.source': 'https://example.com/bench',
  },
};

/**
 * @typedef {object} RecordedContainer
 * @property {object} inspect the answer of ContainerInspect
 * @property {object} listed the container in the answer of ContainerList
 *
 * @typedef {object} Recording
 * @property {RecordedContainer} running
 * @property {RecordedContainer} exited
 * @property {object} version the answer of SystemVersion
 * @property {object} info the answer of SystemInfo
 * @property {Record<string, string>} pingHeaders
 * @property {object} startEvent of the running container
 */

/** Makes one running and one exited container and records them. @returns {Promise<Recording>} */
export async function record(engine) {
  const answer = async (path) => JSON.parse((await engine.call('GET', path)).text);
  const since = Math.floor(Date.now() / 1000) - 1;
  const running = await runContainer(engine, { ...CONFIG, name: `${RECORDED.name}-running` });
  const exited = await runContainer(engine, { ...CONFIG, Cmd: ['true'], name: `${RECORDED.name}-exited` });
  await waitForContainer(engine, exited);

  const listed = await answer('/containers/json?all=1');
  const container = async (id) => ({
    inspect: await answer(`/containers/${id}/json`),
    listed: listed.find(({ Id }) => Id === id),
  });
  const filters = encodeURIComponent(JSON.stringify({ container: [running], event: ['start'] }));
  const until = Math.ceil(Date.now() / 1000) + 1;
  const recording = {
    running: await container(running),
    exited: await container(exited),
    version: await answer('/version'),
    info: await answer('/info'),
    startEvent: await answer(`/events?since=${since}&until=${until}&filters=${filters}`),
  };
  for (const id of [running, exited]) await engine.call('DELETE', `/containers/${id}?force=1&v=1`);
  return recording;
}
