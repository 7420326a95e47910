import type { ContainerInspectInfo } from 'dockerode';

/** What has to be seen of a new container before it is taken for good. */
export interface SettlingRules {
  /** How long its health check may take. */
  readonly healthTimeoutMs: number;
  /** How long it has to run, where it has no health check. */
  readonly settleMs: number;
}

export type Settling = 'waiting' | 'settled' | { readonly failed: string };

type Seen = Pick<ContainerInspectInfo, 'State'> & { readonly RestartCount?: number };

/**
 * What to think of a container that was just started.
 *
 * @param sinceMs how long ago that was
 */
export function settling(
  { State: state, RestartCount = 0 }: Seen,
  sinceMs: number,
  rules: SettlingRules,
): Settling {
  if (!state.Running || state.Restarting || RestartCount > 0)
    return { failed: `it ended with exit code ${state.ExitCode}` };
  const health = state.Health?.Status ?? 'none';
  if (health === 'healthy') return 'settled';
  if (health === 'unhealthy') return { failed: 'its health check says that it is unhealthy' };
  if (health !== 'none' && health !== '') {
    const { healthTimeoutMs } = rules;
    return sinceMs < healthTimeoutMs
      ? 'waiting'
      : { failed: `its health check did not say within ${healthTimeoutMs / 1_000} s that it is healthy` };
  }
  return sinceMs < rules.settleMs ? 'waiting' : 'settled';
}
