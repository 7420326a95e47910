/** Labels that only Dockmaster itself writes: a caller's are refused. */
export const RESERVED_LABELS = 'io.dockmaster.';

/** What an object of Dockmaster's own is for. */
export const ROLE_LABEL = `${RESERVED_LABELS}role`;

/** A container that is never started, by which the files of a volume are reached. It is nobody's, and shown to nobody. */
export const VOLUME_HELPER_ROLE = 'volume-helper';

/** The engine's own label on containers of tasks, which neither a service nor its image can leave out. */
const TASK_LABEL = 'com.docker.swarm.task.id';

/** How the names of helpers begin. A caller's are refused. */
export const HELPER_NAME = { write: 'dockmaster-write-', read: 'dockmaster-read-' } as const;

/** Where Dockmaster's own images are, in the form in which role bindings name repositories. A caller's are refused. */
export const RESERVED_REPOSITORIES = 'dockmaster/';

const NAME_OF_HELPER = /^\/?dockmaster-(write-[0-9a-f]{32}|read-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const RESERVED_NAME = /^\/*dockmaster-(write|read)-/i;

/**
 * Whether a container does not exist for anybody but Dockmaster. Labels alone do not tell: what a build leaves has those of
 * its Dockerfile. Its name does, which a build can't choose, and callers may not. Those of a task never are: what labels
 * its image has is known only where a node has pulled it.
 *
 * @param names as the engine tells them, with or without a slash
 */
export function isVolumeHelper(
  labels: Readonly<Record<string, string | undefined>> | null | undefined,
  names: readonly (string | undefined)[] | null | undefined,
): boolean {
  if (labels?.[ROLE_LABEL] !== VOLUME_HELPER_ROLE || labels[TASK_LABEL] !== undefined) return false;
  return (names ?? []).some((name) => name !== undefined && NAME_OF_HELPER.test(name));
}

/** Whether only Dockmaster gives a container such a name. */
export function isReservedName(name: string): boolean {
  return RESERVED_NAME.test(name);
}

/** Whether only Dockmaster names images in such a repository, which is named as role bindings do. */
export function isReservedRepository(repository: string): boolean {
  return repository.startsWith(RESERVED_REPOSITORIES);
}
