import type { RestSample } from './sample.js';

const ENGINE = '/api/v1/engines/{engine}';
const SWARM = `${ENGINE}/swarm`;

/** Nobody's. */
const sample = (more: RestSample = {}): RestSample => ({ path: () => ({ id: 'sample' }), ...more });
const listed: RestSample = { on: 'swarm object', shows: () => 'sample' };
const watched: RestSample = { ...listed, stream: 'application/x-ndjson', tellsAll: true };
const made: RestSample = {
  query: () => ({ dryRun: 'true' }),
  body: ({ scene }) => ({ name: scene.name(), text: 'sample' }),
};

/** The swarm, its nodes, secrets and configs. */
export const REST_SWARM_SAMPLES: Readonly<Record<string, RestSample>> = {
  [`GET ${SWARM}`]: {},
  [`PATCH ${SWARM}`]: { body: () => ({ heartbeatSeconds: 5 }) },
  [`GET ${SWARM}/membership`]: {},
  [`POST ${SWARM}/init`]: { body: () => ({}) },
  [`POST ${SWARM}/join`]: { body: () => ({ managers: ['192.0.2.1:2377'], joinToken: 'sample' }) },
  [`POST ${SWARM}/leave`]: { body: () => ({}) },
  [`GET ${SWARM}/join-tokens`]: {},
  [`POST ${SWARM}/join-tokens/rotate`]: { body: () => ({ worker: true }) },
  [`GET ${SWARM}/unlock-key`]: {},
  [`POST ${SWARM}/unlock-key/rotate`]: {},
  [`POST ${SWARM}/unlock`]: { body: () => ({ unlockKey: 'sample' }) },
  [`POST ${SWARM}/ca/rotate`]: { body: () => ({}) },

  [`GET ${ENGINE}/nodes`]: listed,
  [`GET ${ENGINE}/nodes?watch=true`]: watched,
  [`GET ${ENGINE}/nodes/{id}`]: sample(),
  [`PATCH ${ENGINE}/nodes/{id}`]: sample({ body: () => ({ availability: 'pause' }) }),
  [`DELETE ${ENGINE}/nodes/{id}`]: sample(),
  [`POST ${ENGINE}/nodes/{id}/drain`]: sample({ body: () => ({}) }),

  [`GET ${ENGINE}/secrets`]: listed,
  [`GET ${ENGINE}/secrets?watch=true`]: watched,
  [`POST ${ENGINE}/secrets`]: made,
  [`GET ${ENGINE}/secrets/{id}`]: sample(),
  [`PATCH ${ENGINE}/secrets/{id}`]: sample({ body: () => ({ labels: {} }) }),
  [`DELETE ${ENGINE}/secrets/{id}`]: sample(),

  [`GET ${ENGINE}/configs`]: listed,
  [`GET ${ENGINE}/configs?watch=true`]: watched,
  [`POST ${ENGINE}/configs`]: made,
  [`GET ${ENGINE}/configs/{id}`]: sample(),
  [`PATCH ${ENGINE}/configs/{id}`]: sample({ body: () => ({ labels: {} }) }),
  [`DELETE ${ENGINE}/configs/{id}`]: sample(),
};
