import { sampleHook, sampleSchedule } from './automation-samples.js';
import type { GraphqlSample } from './sample.js';

const newHook = (more: object = {}): GraphqlSample => ({
  args: async ({ scene }) => ({ id: (await scene.newHook()).id, ...more }),
});
const newSchedule = (more: object = {}): GraphqlSample => ({
  args: async ({ scene }) => ({ id: await scene.newSchedule(), ...more }),
});

/** Hooks and schedules. */
export const GRAPHQL_AUTOMATION_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  'Query.hooks': {},
  'Query.hook': newHook(),
  'Query.hookRuns': newHook(),
  'Mutation.createHook': {
    args: ({ scene }) => ({ input: sampleHook(scene.name(), scene.serviceAccount) }),
  },
  'Mutation.updateHook': newHook({ input: { description: 'A sample' } }),
  'Mutation.rotateHookToken': newHook(),
  'Mutation.deleteHook': newHook(),

  'Query.schedules': {},
  'Query.schedule': newSchedule(),
  'Query.scheduleRuns': newSchedule(),
  'Mutation.createSchedule': {
    args: ({ scene }) => ({ input: sampleSchedule(scene.name(), scene.serviceAccount) }),
  },
  'Mutation.updateSchedule': newSchedule({ input: { description: 'A sample' } }),
  'Mutation.runSchedule': newSchedule(),
  'Mutation.deleteSchedule': newSchedule(),
};
