import type { GraphqlSample } from './sample.js';

const list = (of: string, fields: string): GraphqlSample['below'] => {
  return () => `${of}(engine: "local") { edges { node { ${fields} } } }`;
};

/** Fields that lead from one object to others. */
export const GRAPHQL_JOIN_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  'Container.imageDetails': { below: list('containers', '%'), shows: () => '"imageDetails":{' },
  'ContainerDetails.imageDetails': {
    on: 'container',
    below: ({ target }) => `container(engine: "local", id: "${target.container}") { % }`,
    shows: () => '"imageDetails":{',
  },
  'ContainerNetwork.network': { below: list('containers', 'networks { % }'), shows: () => '"network":{' },
  'ContainerMount.volume': {
    on: 'container',
    below: ({ target }) => `container(engine: "local", id: "${target.stopped}") { mounts { % } }`,
    shows: () => '"volume":{',
  },
  'Image.containers': { on: 'image', below: list('images', 'id %'), shows: ({ target }) => target.image },
  'ImageDetails.containers': {
    on: 'image',
    below: ({ target }) => `image(engine: "local", id: "${target.image}") { % }`,
  },
  'Network.containers': {
    on: 'network',
    below: list('networks', 'id %'),
    shows: ({ target }) => target.network,
  },
  'NetworkDetails.containers': {
    on: 'network',
    below: ({ target }) => `network(engine: "local", id: "${target.network}") { % }`,
  },
  'Volume.containers': {
    on: 'volume',
    below: list('volumes', 'name %'),
    shows: ({ target }) => target.volume,
  },
  'VolumeDetails.containers': {
    on: 'volume',
    below: ({ target }) => `volume(engine: "local", name: "${target.volume}") { % }`,
  },
};
