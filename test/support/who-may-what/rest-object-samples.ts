import type { RestSample } from './sample.js';
import type { Call } from './scene.js';

const ENGINE = '/api/v1/engines/{engine}';
const IMAGE = `${ENGINE}/images/{id}`;
const NETWORK = `${ENGINE}/networks/{id}`;
const VOLUME = `${ENGINE}/volumes/{name}`;

const onImage = (more: RestSample = {}): RestSample => ({
  on: 'image',
  path: ({ target }) => ({ id: target.image }),
  ...more,
});
const onNetwork = (more: RestSample = {}): RestSample => ({
  on: 'network',
  path: ({ target }) => ({ id: target.network }),
  ...more,
});
const onVolume = (more: RestSample = {}): RestSample => ({
  on: 'volume',
  path: ({ target }) => ({ name: target.volume }),
  ...more,
});
/** To an answer belongs an object, which the engine does not really make here. */
const REHEARSED = { dryRun: 'true' };
/** As far as an engine that makes no helper lets one come. */
const MEETS = ['engine_error'] as const;
const attachment = ({ target }: Call) => ({ container: target.container });

/** Images, networks and volumes. */
export const REST_OBJECT_SAMPLES: Readonly<Record<string, RestSample>> = {
  [`GET ${ENGINE}/images`]: { on: 'image', shows: ({ target }) => target.image },
  [`GET ${ENGINE}/images?watch=true`]: {
    on: 'image',
    stream: 'application/x-ndjson',
    tellsAll: true,
    shows: ({ target }) => target.image,
  },
  [`GET ${ENGINE}/images/search`]: { query: () => ({ term: 'sample' }) },
  [`GET ${ENGINE}/images/save`]: onImage({
    path: () => ({}),
    query: ({ target }) => ({ name: target.image }),
  }),
  [`POST ${ENGINE}/images/pull`]: { body: () => ({ image: 'sample' }) },
  [`POST ${ENGINE}/images/build`]: { body: () => ({ dockerfile: 'FROM busybox' }) },
  [`POST ${ENGINE}/images/build-context`]: { archive: true },
  [`POST ${ENGINE}/images/load`]: { archive: true },
  [`POST ${ENGINE}/images/import`]: { archive: true },
  [`POST ${ENGINE}/images/prune`]: {
    on: 'image',
    query: () => REHEARSED,
    body: () => ({ all: true }),
    shows: ({ target }) => target.image,
  },
  [`GET ${IMAGE}`]: onImage(),
  [`DELETE ${IMAGE}`]: onImage(),
  [`GET ${IMAGE}/history`]: onImage(),
  [`GET ${IMAGE}/save`]: onImage(),
  [`POST ${IMAGE}/push`]: onImage({ path: ({ target }) => ({ id: encodeURIComponent(target.imageName) }) }),
  [`POST ${IMAGE}/tag`]: onImage({ body: () => ({ name: 'sample' }) }),
  [`POST ${ENGINE}/build-cache/prune`]: {},

  [`GET ${ENGINE}/networks`]: { on: 'network', shows: ({ target }) => target.network },
  [`GET ${ENGINE}/networks?watch=true`]: {
    on: 'network',
    stream: 'application/x-ndjson',
    tellsAll: true,
    shows: ({ target }) => target.network,
  },
  [`POST ${ENGINE}/networks`]: { query: () => REHEARSED, body: ({ scene }) => ({ name: scene.name() }) },
  [`POST ${ENGINE}/networks/prune`]: { on: 'network', shows: ({ target }) => target.network },
  [`GET ${ENGINE}/networks/graph`]: { on: 'network', shows: ({ target }) => target.network },
  [`GET ${NETWORK}`]: onNetwork(),
  [`DELETE ${NETWORK}`]: onNetwork(),
  [`POST ${NETWORK}/connect`]: onNetwork({ body: attachment }),
  [`POST ${NETWORK}/disconnect`]: onNetwork({ body: attachment }),

  [`GET ${ENGINE}/volumes`]: { on: 'volume', shows: ({ target }) => target.volume },
  [`GET ${ENGINE}/volumes?watch=true`]: {
    on: 'volume',
    stream: 'application/x-ndjson',
    tellsAll: true,
    shows: ({ target }) => target.volume,
  },
  [`POST ${ENGINE}/volumes`]: { query: () => REHEARSED, body: ({ scene }) => ({ name: scene.name() }) },
  [`POST ${ENGINE}/volumes/prune`]: {
    on: 'volume',
    body: () => ({ named: true }),
    shows: ({ target }) => target.volume,
  },
  [`GET ${VOLUME}`]: onVolume(),
  [`DELETE ${VOLUME}`]: onVolume(),
  [`PATCH ${VOLUME}`]: onVolume({ body: () => ({ availability: 'active' }), meets: ['not_supported'] }),
  [`POST ${VOLUME}/clone`]: onVolume({ body: ({ scene }) => ({ name: scene.name() }) }),
  [`GET ${VOLUME}/backup`]: onVolume({ meets: MEETS }),
  [`PUT ${VOLUME}/restore`]: onVolume({ query: () => ({ mode: 'replace' }), archive: true, meets: MEETS }),
  [`GET ${VOLUME}/files`]: onVolume({ meets: MEETS }),
  [`GET ${VOLUME}/files/stat`]: onVolume({ query: () => ({ path: '/' }), meets: MEETS }),
  [`GET ${VOLUME}/files/content`]: onVolume({ query: () => ({ path: '/none' }), meets: MEETS }),
  [`PUT ${VOLUME}/files/content`]: onVolume({
    query: () => ({ path: '/none' }),
    archive: true,
    meets: MEETS,
  }),
};
