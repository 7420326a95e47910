import type { GraphqlSample } from './sample.js';

const onImage = (more: object = {}): GraphqlSample => ({
  on: 'image',
  args: ({ target }) => ({ id: target.image, ...more }),
});
const onNetwork = (more: object = {}): GraphqlSample => ({
  on: 'network',
  args: ({ target }) => ({ id: target.network, ...more }),
});
const onVolume = (more: object = {}): GraphqlSample => ({
  on: 'volume',
  args: ({ target }) => ({ name: target.volume, ...more }),
});
const attachment: GraphqlSample = {
  on: 'network',
  args: ({ target }) => ({ id: target.network, input: { container: target.container } }),
};

/** Images, networks and volumes. */
export const GRAPHQL_OBJECT_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  'Query.images': { on: 'image', shows: ({ target }) => target.image },
  'Query.image': onImage(),
  'Query.imageHistory': onImage(),
  'Query.searchImages': { args: () => ({ term: 'sample' }) },
  'Query.distributionImage': { args: () => ({ reference: 'sample' }) },
  'Mutation.pullImage': { args: () => ({ input: { image: 'sample' } }) },
  'Mutation.pushImage': { on: 'image', args: ({ target }) => ({ id: target.imageName }) },
  'Mutation.tagImage': onImage({ input: { name: 'sample' } }),
  'Mutation.removeImage': onImage(),
  'Mutation.buildImage': { args: () => ({ input: { dockerfile: 'FROM busybox' } }) },
  'Mutation.pruneImages': {
    on: 'image',
    args: () => ({ input: { all: true }, dryRun: true }),
    shows: ({ target }) => target.image,
  },
  'Mutation.pruneBuildCache': {},
  'Subscription.imageChanged': { on: 'image', tellsAll: true, shows: ({ target }) => target.image },

  'Query.networks': { on: 'network', shows: ({ target }) => target.network },
  'Query.network': onNetwork(),
  'Query.networkGraph': { on: 'network', shows: ({ target }) => target.network },
  'Mutation.createNetwork': {
    args: ({ scene }) => ({ input: { name: scene.name() }, dryRun: true }),
  },
  'Mutation.removeNetwork': onNetwork(),
  'Mutation.connectNetwork': attachment,
  'Mutation.disconnectNetwork': attachment,
  'Mutation.pruneNetworks': { on: 'network', shows: ({ target }) => target.network },
  'Subscription.networkChanged': {
    on: 'network',
    tellsAll: true,
    shows: ({ target }) => target.network,
  },

  'Query.volumes': { on: 'volume', shows: ({ target }) => target.volume },
  'Query.volume': onVolume(),
  'Query.volumeFiles': { ...onVolume(), meets: ['engine_error'] }, // it makes no helper here
  'Query.volumeFile': { ...onVolume({ path: '/' }), meets: ['engine_error'] },
  'Mutation.createVolume': {
    args: ({ scene }) => ({ input: { name: scene.name() }, dryRun: true }),
  },
  'Mutation.updateVolume': { ...onVolume({ input: { availability: 'active' } }), meets: ['not_supported'] },
  'Mutation.removeVolume': onVolume(),
  'Mutation.cloneVolume': {
    on: 'volume',
    args: ({ scene, target }) => ({ name: target.volume, input: { name: scene.name() } }),
  },
  'Mutation.pruneVolumes': {
    on: 'volume',
    args: () => ({ input: { named: true } }),
    shows: ({ target }) => target.volume,
  },
  'Subscription.volumeChanged': { on: 'volume', tellsAll: true, shows: ({ target }) => target.volume },
};
