/** RFC 6901, section 3: empty, or parts that each begin with a slash. */
export const JSON_POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/**
 * What a JSON pointer (RFC 6901) points to; undefined where there is nothing. Looks at what the document itself has, never at what
 * all objects have.
 *
 * @param pointer of the form `JSON_POINTER`
 */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) {
      if (!/^(0|[1-9]\d{0,8})$/.test(key)) return undefined;
      value = (value as unknown[])[Number(key)];
    } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Record<string, unknown>)[key];
    } else return undefined;
  }
  return value;
}

/** The same where it is text that is not empty. */
export function textAt(document: unknown, pointer: string): string | undefined {
  const value = valueAt(document, pointer);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
