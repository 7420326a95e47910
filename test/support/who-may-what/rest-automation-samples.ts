import type { RestSample } from './sample.js';
import { sampleHook, sampleSchedule } from './automation-samples.js';

const HOOK = '/api/v1/hooks/{id}';
const SCHEDULE = '/api/v1/schedules/{id}';

const newHook = (more: RestSample = {}): RestSample => ({
  path: async ({ scene }) => ({ id: (await scene.newHook()).id }),
  ...more,
});
const newSchedule = (more: RestSample = {}): RestSample => ({
  path: async ({ scene }) => ({ id: await scene.newSchedule() }),
  ...more,
});

/** Hooks and schedules. */
export const REST_AUTOMATION_SAMPLES: Readonly<Record<string, RestSample>> = {
  'GET /api/v1/hooks': {},
  'POST /api/v1/hooks': { body: ({ scene }) => sampleHook(scene.name(), scene.serviceAccount) },
  [`GET ${HOOK}`]: newHook(),
  [`PATCH ${HOOK}`]: newHook({ body: () => ({ description: 'A sample' }) }),
  [`DELETE ${HOOK}`]: newHook(),
  [`POST ${HOOK}/token`]: newHook(),
  [`GET ${HOOK}/runs`]: newHook(),
  // Who has the token may.
  'POST /hooks/{token}': { path: async ({ scene }) => ({ token: (await scene.newHook()).token }) },
  'GET /hooks/{token}/runs/{id}': {
    path: async ({ scene }) => ({ token: (await scene.newHook()).token, id: 'none' }),
    meets: ['not_found'],
  },

  'GET /api/v1/schedules': {},
  'POST /api/v1/schedules': { body: ({ scene }) => sampleSchedule(scene.name(), scene.serviceAccount) },
  [`GET ${SCHEDULE}`]: newSchedule(),
  [`PATCH ${SCHEDULE}`]: newSchedule({ body: () => ({ description: 'A sample' }) }),
  [`DELETE ${SCHEDULE}`]: newSchedule(),
  [`POST ${SCHEDULE}/run`]: newSchedule(),
  [`GET ${SCHEDULE}/runs`]: newSchedule(),
};
