const OURS = 'DOCKMASTER_';

/**
 * Tells of each variable that is called as our settings are, and is none of them: most likely one that is misspelt.
 *
 * @param known the names of all settings
 * @returns a sentence for each, that names the setting most like it
 */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: ReadonlySet<string>,
): string[] {
  return Object.entries(environment)
    .filter(
      ([name, value]) => name.startsWith(OURS) && !known.has(name) && value !== undefined && value !== '',
    )
    .map(([name]) => {
      const nearest = nearestOf(name, known);
      const hint = nearest === undefined ? 'docs/settings.md lists them all.' : `did you mean ${nearest}?`;
      return `${name} is not a setting, and has no effect: ${hint}`;
    });
}

/** The name that is most like it; undefined where nothing is like it. */
function nearestOf(name: string, known: ReadonlySet<string>): string | undefined {
  const [nearest] = [...known]
    .filter((other) => other.startsWith(OURS))
    .map((other) => ({ other, changes: differenceOf(name, other) }))
    .filter(({ other, changes }) => changes <= (other.length - OURS.length) / 2)
    .sort((a, b) => a.changes - b.changes);
  return nearest?.other;
}

/** What a name only goes on with after another's end, such as `_FILE`, makes it no less alike than so many letters. */
const MOST_FOR_MORE = 3;

/** The fewer the more alike. */
function differenceOf(name: string, other: string): number {
  const changes = changesBetween(name.slice(OURS.length), other.slice(OURS.length));
  return name.startsWith(other) ? Math.min(changes, MOST_FOR_MORE) : changes;
}

/** How many letters to put in, take out or replace make `from` of `to`: the Levenshtein distance. */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (let index = 0; index < to.length; index += 1) {
      const replaced = (row[index] ?? 0) + (to[index] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
