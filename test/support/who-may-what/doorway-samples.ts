import type { DoorwayKind } from '../../../src/doorways/doorway.js';
import type { GraphqlSample, RestSample } from './sample.js';
import type { Call } from './scene.js';

/** Scoped sockets and client certificates: calls of both kinds are alike. */
const KINDS = [
  { kind: 'scopedSocket', type: 'ScopedSocket', path: '/api/v1/scoped-sockets' },
  { kind: 'clientCertificate', type: 'ClientCertificate', path: '/api/v1/client-certificates' },
] as const satisfies { kind: DoorwayKind; type: string; path: string }[];

const CHANGE = { description: 'A sample' };

function input(kind: DoorwayKind, { scene }: Call) {
  const name = scene.name();
  const subject = { kind: 'serviceAccount', id: scene.serviceAccount };
  const knownBy = kind === 'clientCertificate' ? { knownBy: 'subject', value: `CN=${name}` } : {};
  return { name, subject, engine: 'local', ...knownBy };
}

const newOne = async (kind: DoorwayKind, { scene }: Call) => ({ id: await scene.newDoorway(kind) });

export const REST_DOORWAY_SAMPLES: Readonly<Record<string, RestSample>> = Object.fromEntries(
  KINDS.flatMap(({ kind, path }): [string, RestSample][] => {
    const onOne = (more: RestSample = {}): RestSample => ({ path: (call) => newOne(kind, call), ...more });
    return [
      [`GET ${path}`, {}],
      [`POST ${path}`, { body: (call) => input(kind, call) }],
      [`GET ${path}/{id}`, onOne()],
      [`PATCH ${path}/{id}`, onOne({ body: () => CHANGE })],
      [`DELETE ${path}/{id}`, onOne()],
    ];
  }),
);

export const GRAPHQL_DOORWAY_SAMPLES: Readonly<Record<string, GraphqlSample>> = Object.fromEntries(
  KINDS.flatMap(({ kind, type }): [string, GraphqlSample][] => {
    const onOne = (more: object = {}): GraphqlSample => ({
      args: async (call) => ({ ...(await newOne(kind, call)), ...more }),
    });
    return [
      [`Query.${kind}s`, {}],
      [`Query.${kind}`, onOne()],
      [`Mutation.create${type}`, { args: (call) => ({ input: input(kind, call) }) }],
      [`Mutation.update${type}`, onOne({ input: CHANGE })],
      [`Mutation.delete${type}`, onOne()],
    ];
  }),
);
