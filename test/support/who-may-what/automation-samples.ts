/** A hook that starts a container that is not there. */
export function sampleHook(name: string, serviceAccountId: string) {
  return { name, serviceAccountId, action: { kind: 'startContainer', engine: 'local', target: 'sample' } };
}

/** The same, on a day that comes every four years. */
export function sampleSchedule(name: string, serviceAccountId: string) {
  return { ...sampleHook(name, serviceAccountId), cron: '0 0 29 2 *' };
}
