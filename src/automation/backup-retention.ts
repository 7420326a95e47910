/** After it what is not whole will not become so: no backup may take longer. */
const LONGEST_BACKUP_MS = 24 * 60 * 60_000;

/** A backup that is there. */
export interface KeptFile {
  readonly name: string;
  /** When it was begun, in milliseconds since the epoch. */
  readonly at: number;
  /** Whether it is not whole. */
  readonly isPartial: boolean;
}

export interface RetentionRules {
  /** At least 1. */
  readonly keepLast: number;
  readonly keepMs: number;
  readonly now: number;
}

/** The names of what is to go: more than so many, or older. The newest whole one stays in any case. */
export function surplus(files: readonly KeptFile[], { keepLast, keepMs, now }: RetentionRules): string[] {
  const whole = files.filter(({ isPartial }) => !isPartial).sort((one, other) => other.at - one.at);
  const old = whole.filter(({ at }, index) => index > 0 && (index >= keepLast || now - at > keepMs));
  const left = files.filter(({ isPartial, at }) => isPartial && now - at > LONGEST_BACKUP_MS);
  return [...old, ...left].map(({ name }) => name);
}
