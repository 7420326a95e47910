/**
 * Whether a name of an image, as the engine lists it (`team/app:v1`), meets a pattern as Docker's filter `reference` has
 * them: `*` stands for anything but a slash, `?` for one character but that. A pattern without tag and digest is held
 * against the name without them, too.
 */
export function imageNameMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.replace(/^(index\.)?docker\.io\/(library\/(?=[^/]+$))?/, '').split('/');
  return (name) => matchesParts(parts, name) || matchesParts(parts, withoutTag(name));
}

function matchesParts(patterns: readonly string[], name: string): boolean {
  const parts = name.split('/');
  return (
    parts.length === patterns.length && parts.every((part, index) => matchesPart(patterns[index] ?? '', part))
  );
}

/** In time that grows with the product of the two lengths, whatever the pattern: it is the caller's. */
function matchesPart(pattern: string, text: string): boolean {
  let at = 0;
  let patternAt = 0;
  let star = -1;
  let starText = 0;
  while (at < text.length) {
    if (pattern[patternAt] === '*') {
      star = patternAt++;
      starText = at;
    } else if (
      patternAt < pattern.length &&
      (pattern[patternAt] === '?' || pattern[patternAt] === text[at])
    ) {
      patternAt++;
      at++;
    } else if (star >= 0) {
      patternAt = star + 1;
      at = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === '*') patternAt++;
  return patternAt === pattern.length;
}

function withoutTag(name: string): string {
  const [tagged = ''] = name.split('@', 1);
  return tagged.replace(/:[^/:]+$/, '');
}
