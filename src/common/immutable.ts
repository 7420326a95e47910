const immutables = new WeakSet<object>();

/**
 * Promises that `object`, and everything that it refers to, is never changed again and holds nothing that depends on the
 * time or on who asks. What was made of it, such as its JSON, may then be kept for as long as it lives. Frozen itself;
 * what it refers to is not, for that would cost a walk through all of it.
 *
 * @returns the same object
 */
export function markImmutable<T extends object>(object: T): Readonly<T> {
  immutables.add(Object.freeze(object));
  return object;
}

/** Whether just this object was marked; what an immutable object refers to is immutable too, but not asked about. */
export function isImmutable(object: object): boolean {
  return immutables.has(object);
}
