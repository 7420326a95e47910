import type { GraphqlSample, RestSample } from './sample.js';

const ENGINE = '/api/v1/engines/{engine}';
const SERVICE = `${ENGINE}/services/{id}`;
const TASK = `${ENGINE}/tasks/{id}`;

/** Nobody's. */
const sample = (more: RestSample = {}): RestSample => ({ path: () => ({ id: 'sample' }), ...more });
const listed: RestSample = { on: 'swarm object', shows: () => 'sample' };
const watched: RestSample = { ...listed, stream: 'application/x-ndjson', tellsAll: true };
/** What the stand-in tells of has no image, which a service needs. */
const image = { image: 'busybox' };
const logs = sample({ query: () => ({ tail: '1' }) });

/** Services and tasks. */
export const REST_SERVICE_SAMPLES: Readonly<Record<string, RestSample>> = {
  [`GET ${ENGINE}/services`]: listed,
  [`GET ${ENGINE}/services?watch=true`]: watched,
  [`POST ${ENGINE}/services`]: {
    query: () => ({ dryRun: 'true' }),
    body: ({ scene }) => ({ name: scene.name(), ...image }),
  },
  [`GET ${SERVICE}`]: sample(),
  [`PATCH ${SERVICE}`]: sample({ body: () => image }),
  [`PUT ${SERVICE}`]: sample({ body: () => ({ version: 1, ...image }) }),
  [`DELETE ${SERVICE}`]: sample(),
  [`POST ${SERVICE}/scale`]: sample({ body: () => ({ replicas: 1 }) }),
  [`POST ${SERVICE}/restart`]: sample({ body: () => ({}) }),
  [`POST ${SERVICE}/rollback`]: sample({ body: () => ({}), meets: ['conflict'] }), // there is no earlier one
  [`POST ${SERVICE}/converge`]: sample({ query: () => ({ timeoutSeconds: '1' }) }),
  [`GET ${SERVICE}/logs`]: logs,

  [`GET ${ENGINE}/tasks`]: listed,
  [`GET ${ENGINE}/tasks?watch=true`]: watched,
  [`GET ${TASK}`]: sample(),
  [`GET ${TASK}/logs`]: logs,
};

const ofSample = (more: object = {}): GraphqlSample => ({ args: () => ({ id: 'sample', ...more }) });
const seen: GraphqlSample = { on: 'swarm object', shows: () => 'sample' };
const all = (of: string, fields: string): GraphqlSample => ({
  ...seen,
  below: () => `${of}(engine: "local") { nodes { ${fields} } }`,
});
const one = (of: string): GraphqlSample => ({
  below: () => `${of}(engine: "local", id: "sample") { id % }`,
});

/** The same by GraphQL, and the fields that lead on from them. */
export const GRAPHQL_SERVICE_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  'Query.services': seen,
  'Query.service': ofSample(),
  'Mutation.createService': {
    args: ({ scene }) => ({ input: { name: scene.name(), ...image }, dryRun: true }),
  },
  'Mutation.updateService': ofSample({ input: image }),
  'Mutation.replaceService': ofSample({ input: { version: 1, ...image } }),
  'Mutation.removeService': ofSample(),
  'Mutation.scaleService': ofSample({ input: { replicas: 1 } }),
  'Mutation.restartService': ofSample(),
  'Mutation.rollBackService': { ...ofSample(), meets: ['conflict'] },
  'Mutation.convergeService': ofSample({ timeoutSeconds: 1 }),
  'Subscription.serviceChanged': { ...seen, tellsAll: true },
  'Subscription.serviceConvergence': ofSample({ timeoutSeconds: 5 }),
  'Subscription.serviceLogs': ofSample(),

  'Query.tasks': seen,
  'Query.task': ofSample(),
  'Subscription.taskChanged': { ...seen, tellsAll: true },
  'Subscription.taskLogs': { ...ofSample(), meets: ['engine_unavailable'] }, // it is no log that comes

  'Service.tasks': all('services', 'id %'),
  'Service.tasksByState': all('services', 'id %'),
  'Service.networkObjects': all('services', 'id %'),
  'Service.secretObjects': all('services', 'id %'),
  'Service.configObjects': all('services', 'id %'),
  'ServiceDetails.tasks': one('service'),
  'ServiceDetails.networkObjects': one('service'),
  'ServiceDetails.secretObjects': one('service'),
  'ServiceDetails.configObjects': one('service'),
  'Task.service': all('tasks', 'id %'),
  'Task.node': all('tasks', 'id %'),
  'Task.container': all('tasks', 'id %'),
  'TaskDetails.service': one('task'),
  'TaskDetails.node': one('task'),
  'TaskDetails.container': one('task'),
};
