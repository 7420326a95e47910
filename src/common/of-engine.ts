const ENGINE = Symbol('engine');

/**
 * Remembers which engine a part of an answer is of, where answers do not say so: GraphQL's joins go on from there. What
 * copies the part has to call it again.
 *
 * @returns the same part
 */
export function ofEngine<T extends object>(engine: string, part: T): T {
  return Object.defineProperty(part, ENGINE, { value: engine });
}

/** @throws Error for what never went through `ofEngine` */
export function engineOf(part: object): string {
  const { [ENGINE]: engine } = part as { [ENGINE]?: string };
  if (engine === undefined) throw new Error('It is not known which engine this is of');
  return engine;
}
