/** Reading a document of the engine that may lack anything: what is not there, or not of the type, reads as nothing. */

export function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  const found = at(value, key);
  return isObject(found) ? found : undefined;
}

/** 0 for what is not a finite number from 0. */
export function numberAt(value: unknown, key: string): number {
  const found = at(value, key);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : 0;
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

export function isAbsent(value: unknown, key: string): boolean {
  return at(value, key) === undefined;
}

function at(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
