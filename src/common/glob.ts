/** So many `*` a pattern may have that is kept and held against names again and again. */
export const MOST_STARS = 10;

/** A pattern that has no more of them. */
export const FEW_STARS = new RegExp(`^[^*]*(?:\\*[^*]*){0,${MOST_STARS}}$`);

/**
 * Whether a text is what a pattern says, from end to end: `*` stands for any characters, also for none, for slashes and for
 * line breaks, all else for itself. In time that grows with the product of the two lengths, whatever the pattern: it is the
 * caller's. Each part between two `*` is taken where it is first found, since that leaves most for those after it.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  if (first.length > end || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
