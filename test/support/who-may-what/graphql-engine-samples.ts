import type { GraphqlSample } from './sample.js';

const PLUGIN = { name: 'sample' };
const INSTALLED = { reference: 'sample', privileges: [] };
const onPlugin = (more: object = {}): GraphqlSample => ({ args: () => ({ ...PLUGIN, ...more }) });
const onJob: GraphqlSample = { on: 'job', args: ({ target }) => ({ id: target.job }) };
const onRegistry = (more: object = {}): GraphqlSample => ({
  args: ({ scene }) => ({ id: scene.registry, ...more }),
});

const onWebhook = (more: object = {}): GraphqlSample => ({
  args: ({ scene }) => ({ id: scene.webhook, ...more }),
});
const onDelivery: GraphqlSample = {
  args: ({ scene }) => ({ id: scene.webhook, deliveryId: scene.delivery }),
};

/** Nobody answers at its address. */
const inRegistry = (more: object = {}): GraphqlSample => ({ ...onRegistry(more), meets: ['unavailable'] });

/** Engines themselves, jobs, registries and webhooks. */
export const GRAPHQL_ENGINE_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  'Query.engines': { shows: () => 'local' },
  'Query.engine': { args: () => ({ name: 'local' }) },
  'Query.engineHealth': { args: () => ({ name: 'local' }) },
  'Query.containersOnEngines': { on: 'container', shows: ({ target }) => target.container },
  'Mutation.createEngine': {
    args: ({ scene }) => ({ input: { name: scene.name(), address: 'unix:///nonexistent/engine.sock' } }),
  },
  'Mutation.updateEngine': {
    args: async ({ scene }) => ({ name: await scene.newEngine(), input: { description: 'A sample' } }),
  },
  'Mutation.deleteEngine': { args: async ({ scene }) => ({ name: await scene.newEngine() }) },
  'Mutation.testEngine': { args: () => ({ input: { address: 'unix:///nonexistent/engine.sock' } }) },
  'Mutation.testConnectedEngine': { args: () => ({ name: 'local' }) },

  'Query.systemInfo': {},
  'Query.systemVersion': {},
  'Query.systemPing': {},
  'Query.diskUsage': {},
  'Query.daemonConfig': {},
  'Query.validateDaemonConfig': { args: () => ({ input: { content: '{}' } }) },
  'Mutation.pruneSystem': {},

  'Query.plugins': {},
  'Query.plugin': onPlugin(),
  'Query.pluginPrivileges': { args: () => ({ reference: 'sample' }) },
  'Mutation.installPlugin': { args: () => ({ input: INSTALLED }) },
  'Mutation.configurePlugin': onPlugin({ input: { settings: { A: 'b' } } }),
  'Mutation.enablePlugin': onPlugin(),
  'Mutation.disablePlugin': onPlugin(),
  'Mutation.upgradePlugin': onPlugin({ input: INSTALLED }),
  'Mutation.removePlugin': onPlugin(),

  'Query.jobs': { on: 'job', args: () => ({ first: 500 }), shows: ({ target }) => target.job },
  'Query.job': onJob,
  'Query.jobLog': onJob,
  'Mutation.cancelJob': {
    on: 'job',
    args: async ({ scene, target }) => ({ id: await scene.newJob(target) }),
  },
  'Subscription.jobProgress': onJob,

  'Query.registries': {},
  'Query.registry': onRegistry(),
  'Query.registryRepositories': inRegistry(),
  'Query.registryTags': inRegistry({ repository: 'sample' }),
  'Query.registryManifest': inRegistry({ repository: 'sample', reference: 'latest' }),
  'Mutation.createRegistry': {
    args: ({ scene }) => ({ input: { name: scene.name(), address: 'registry.example.com' } }),
  },
  'Mutation.updateRegistry': onRegistry({ input: { isDefault: true } }),
  'Mutation.deleteRegistry': { args: async ({ scene }) => ({ id: await scene.newRegistry() }) },
  'Mutation.deleteRegistryTag': inRegistry({ repository: 'sample', tag: 'latest' }),
  'Mutation.testRegistry': onRegistry(),

  'Query.webhookEventTypes': {},
  'Query.webhooks': {},
  'Query.webhook': onWebhook(),
  'Query.webhookDeliveries': onWebhook(),
  'Query.webhookDelivery': onDelivery,
  'Mutation.createWebhook': {
    args: ({ scene }) => ({
      input: {
        name: scene.name(),
        address: 'https://receiver.example.com/',
        eventTypes: ['webhook.test'],
      },
    }),
  },
  'Mutation.updateWebhook': onWebhook({ input: { engines: ['*'] } }),
  'Mutation.deleteWebhook': { args: async ({ scene }) => ({ id: await scene.newWebhook() }) },
  'Mutation.rotateWebhookSecret': onWebhook({ input: { overlapHours: 1 } }),
  'Mutation.testWebhook': onWebhook(),
  'Mutation.redeliverWebhook': onWebhook({ input: { from: '2026-01-31T12:00:00Z' } }),
  'Mutation.redeliverWebhookDelivery': { ...onDelivery, meets: ['conflict'] }, // it may be on its way
  'Subscription.webhookDelivery': { ...onWebhook(), poke: 'webhook' },
};
