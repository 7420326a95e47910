import type { GraphqlSample } from './sample.js';

/** Nobody's. */
const sample = (more: object = {}): GraphqlSample => ({ args: () => ({ id: 'sample', ...more }) });
const listed: GraphqlSample = { on: 'swarm object', shows: () => 'sample' };
const watched: GraphqlSample = { ...listed, tellsAll: true };
const made: GraphqlSample = {
  args: ({ scene }) => ({ input: { name: scene.name(), text: 'sample' }, dryRun: true }),
};
const usedBy = (of: string): GraphqlSample => ({
  on: 'swarm object',
  below: () => `${of}(engine: "local") { edges { node { id % } } }`,
  shows: () => '"usedBy":[',
});

/** The swarm, its nodes, secrets and configs. */
export const GRAPHQL_SWARM_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  'Query.swarm': {},
  'Query.swarmMembership': {},
  'Query.swarmJoinTokens': {},
  'Query.swarmUnlockKey': {},
  'Mutation.initSwarm': {},
  'Mutation.joinSwarm': {
    args: () => ({ input: { managers: ['192.0.2.1:2377'], joinToken: 'sample' } }),
  },
  'Mutation.leaveSwarm': {},
  'Mutation.updateSwarm': { args: () => ({ input: { heartbeatSeconds: 5 } }) },
  'Mutation.rotateSwarmJoinTokens': { args: () => ({ input: { worker: true } }) },
  'Mutation.rotateSwarmUnlockKey': {},
  'Mutation.unlockSwarm': { args: () => ({ input: { unlockKey: 'sample' } }) },
  'Mutation.rotateSwarmCa': {},

  'Query.nodes': listed,
  'Query.node': sample(),
  'Mutation.updateNode': sample({ input: { availability: 'pause' } }),
  'Mutation.removeNode': sample(),
  'Mutation.drainNode': sample(),
  'Subscription.nodeChanged': watched,

  'Query.secrets': listed,
  'Query.secret': sample(),
  'Secret.usedBy': usedBy('secrets'),
  'Mutation.createSecret': made,
  'Mutation.updateSecret': sample({ input: { labels: {} } }),
  'Mutation.removeSecret': sample(),
  'Subscription.secretChanged': watched,

  'Query.configs': listed,
  'Query.config': sample(),
  'Config.usedBy': usedBy('configs'),
  'Mutation.createConfig': made,
  'Mutation.updateConfig': sample({ input: { labels: {} } }),
  'Mutation.removeConfig': sample(),
  'Subscription.configChanged': watched,
};
