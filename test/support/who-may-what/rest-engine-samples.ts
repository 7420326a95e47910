import type { RestSample } from './sample.js';

const ENGINE = '/api/v1/engines/{engine}';
const PLUGIN = `${ENGINE}/plugins/{name}`;
const JOB = '/api/v1/jobs/{id}';
const REGISTRY = '/api/v1/registries/{id}';

const WEBHOOK = '/api/v1/webhooks/{id}';

const newEngine: RestSample = {
  path: async ({ scene }) => ({ engine: await scene.newEngine() }),
};
const onPlugin = (more: RestSample = {}): RestSample => ({ path: () => ({ name: 'sample' }), ...more });
const onJob = (more: RestSample = {}): RestSample => ({
  on: 'job',
  path: ({ target }) => ({ id: target.job }),
  ...more,
});
const onRegistry = (more: RestSample = {}): RestSample => ({
  path: ({ scene }) => ({ id: scene.registry }),
  ...more,
});
const onWebhook = (more: RestSample = {}): RestSample => ({
  path: ({ scene }) => ({ id: scene.webhook }),
  ...more,
});
const onDelivery = (more: RestSample = {}): RestSample => ({
  path: ({ scene }) => ({ id: scene.webhook, deliveryId: scene.delivery }),
  ...more,
});
/** Nobody answers at its address. */
const inRegistry = (more: RestSample = {}): RestSample => ({ ...onRegistry(more), meets: ['unavailable'] });
const IN_REGISTRY = { repository: 'sample', tag: 'latest' } as const;

/** Engines themselves, jobs, registries and webhooks. */
export const REST_ENGINE_SAMPLES: Readonly<Record<string, RestSample>> = {
  'GET /api/v1/engines': { shows: () => 'local' },
  'POST /api/v1/engines': {
    body: ({ scene }) => ({ name: scene.name(), address: 'unix:///nonexistent/engine.sock' }),
  },
  'POST /api/v1/engines/test': { body: () => ({ address: 'unix:///nonexistent/engine.sock' }) },
  [`GET ${ENGINE}`]: {},
  [`PATCH ${ENGINE}`]: { ...newEngine, body: () => ({ description: 'A sample' }) },
  [`DELETE ${ENGINE}`]: newEngine,
  [`GET ${ENGINE}/health`]: {},
  [`POST ${ENGINE}/test`]: {},
  'GET /api/v1/containers': { on: 'container', shows: ({ target }) => target.container },

  [`GET ${ENGINE}/events`]: {
    on: 'container',
    stream: 'application/x-ndjson',
    poke: 'container',
    shows: ({ target }) => target.container,
  },
  [`GET ${ENGINE}/system/info`]: {},
  [`GET ${ENGINE}/system/version`]: {},
  [`GET ${ENGINE}/system/ping`]: {},
  [`GET ${ENGINE}/system/disk-usage`]: {},
  [`GET ${ENGINE}/system/distribution`]: { query: () => ({ reference: 'sample' }) },
  [`POST ${ENGINE}/system/prune`]: {},
  [`GET ${ENGINE}/daemon-config`]: {},
  [`POST ${ENGINE}/daemon-config/validate`]: { body: () => ({ content: '{}' }) },

  [`GET ${ENGINE}/plugins`]: {},
  [`POST ${ENGINE}/plugins`]: { body: () => ({ reference: 'sample', privileges: [] }) },
  [`GET ${ENGINE}/plugins/privileges`]: { query: () => ({ reference: 'sample' }) },
  [`GET ${PLUGIN}`]: onPlugin(),
  [`PATCH ${PLUGIN}`]: onPlugin({ body: () => ({ settings: { A: 'b' } }) }),
  [`DELETE ${PLUGIN}`]: onPlugin(),
  [`POST ${PLUGIN}/enable`]: onPlugin(),
  [`POST ${PLUGIN}/disable`]: onPlugin(),
  [`POST ${PLUGIN}/upgrade`]: onPlugin({ body: () => ({ reference: 'sample', privileges: [] }) }),

  'GET /api/v1/jobs': { on: 'job', query: () => ({ limit: '500' }), shows: ({ target }) => target.job },
  [`GET ${JOB}`]: onJob(),
  [`GET ${JOB}/log`]: onJob(),
  [`GET ${JOB}/progress`]: onJob({ stream: 'application/x-ndjson' }),
  [`POST ${JOB}/cancel`]: onJob({ path: async ({ scene, target }) => ({ id: await scene.newJob(target) }) }),

  'GET /api/v1/registries': {},
  'POST /api/v1/registries': {
    body: ({ scene }) => ({ name: scene.name(), address: 'registry.example.com' }),
  },
  [`GET ${REGISTRY}`]: onRegistry(),
  [`PATCH ${REGISTRY}`]: onRegistry({ body: () => ({ isDefault: true }) }),
  [`DELETE ${REGISTRY}`]: { path: async ({ scene }) => ({ id: await scene.newRegistry() }) },
  [`POST ${REGISTRY}/test`]: onRegistry(),
  [`GET ${REGISTRY}/repositories`]: inRegistry(),
  [`GET ${REGISTRY}/tags`]: inRegistry({ query: () => ({ repository: 'sample' }) }),
  [`DELETE ${REGISTRY}/tags`]: inRegistry({ query: () => IN_REGISTRY }),
  [`GET ${REGISTRY}/manifest`]: inRegistry({
    query: () => ({ repository: 'sample', reference: 'latest' }),
  }),

  'GET /api/v1/webhook-event-types': {},
  'GET /api/v1/webhooks': {},
  'POST /api/v1/webhooks': {
    body: ({ scene }) => ({
      name: scene.name(),
      address: 'https://receiver.example.com/',
      eventTypes: ['webhook.test'],
    }),
  },
  [`GET ${WEBHOOK}`]: onWebhook(),
  [`PATCH ${WEBHOOK}`]: onWebhook({ body: () => ({ engines: ['*'] }) }),
  [`DELETE ${WEBHOOK}`]: { path: async ({ scene }) => ({ id: await scene.newWebhook() }) },
  [`POST ${WEBHOOK}/rotate-secret`]: onWebhook({ body: () => ({ overlapHours: 1 }) }),
  [`POST ${WEBHOOK}/test`]: onWebhook(),
  [`POST ${WEBHOOK}/redeliver`]: onWebhook({ body: () => ({ from: '2026-01-31T12:00:00Z' }) }),
  [`GET ${WEBHOOK}/deliveries`]: onWebhook(),
  [`GET ${WEBHOOK}/deliveries/{deliveryId}`]: onDelivery(),
  [`POST ${WEBHOOK}/deliveries/{deliveryId}/redeliver`]: onDelivery({ meets: ['conflict'] }), // it may be on its way
};
