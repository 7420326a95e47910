/** Labels that only Dockmaster itself writes: a caller's are refused. */
export const RESERVED_LABELS = 'io.dockmaster.';

/** What an object of Dockmaster's own is for. */
export const ROLE_LABEL = `${RESERVED_LABELS}role`;

/** A container that is never started, by which the files of a volume are reached. It is nobody's, and shown to nobody. */
export const VOLUME_HELPER_ROLE = 'volume-helper';

/** Whether labels are those of a container that does not exist for anybody but Dockmaster. */
export function isVolumeHelper(
  labels: Readonly<Record<string, string | undefined>> | null | undefined,
): boolean {
  return labels?.[ROLE_LABEL] === VOLUME_HELPER_ROLE;
}
