/** The keys of a JSON object that stand in it twice, as paths with dots. What is no JSON has none that are found. */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  const stack: { readonly keys: Set<string> | undefined; readonly path: string }[] = [];
  let pending: string | undefined;
  let expectsKey = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    const top = stack.at(-1);
    if (token === '{' || token === '[') {
      const path = pathOf(top?.path, pending);
      stack.push({ keys: token === '{' ? new Set() : undefined, path });
      expectsKey = token === '{';
      pending = undefined;
    } else if (token === '}' || token === ']') {
      stack.pop();
      expectsKey = false;
    } else if (token === ',') {
      expectsKey = top?.keys !== undefined;
    } else if (token.startsWith('"') && expectsKey && top?.keys) {
      const key = unquoted(token);
      if (top.keys.has(key)) found.push(pathOf(top.path, key));
      top.keys.add(key);
      pending = key;
      expectsKey = false;
    }
  }
  return found;
}

function pathOf(parent: string | undefined, key: string | undefined): string {
  return [parent, key].filter((part) => part !== undefined && part !== '').join('.');
}

function unquoted(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    // No JSON text: whoever parses the whole says so.
    return token.slice(1, -1);
  }
}
