/** Labels that only Dockmaster itself writes: a caller's are refused. */
export const RESERVED_LABELS = 'io.dockmaster.';

/** What an object of Dockmaster's own is for. */
export const ROLE_LABEL = `${RESERVED_LABELS}role`;

/** A container that is never started, by which the files of a volume are reached. It is nobody's, and shown to nobody. */
export const VOLUME_HELPER_ROLE = 'volume-helper';

/** The engine's own label on containers of tasks, which neither a service nor its image can leave out. */
const TASK_LABEL = 'com.docker.swarm.task.id';

/**
 * Whether labels are those of a container that does not exist for anybody but Dockmaster. Those of a task never are: what
 * labels its image has is known only where a node has pulled it.
 */
export function isVolumeHelper(
  labels: Readonly<Record<string, string | undefined>> | null | undefined,
): boolean {
  return labels?.[ROLE_LABEL] === VOLUME_HELPER_ROLE && labels[TASK_LABEL] === undefined;
}
