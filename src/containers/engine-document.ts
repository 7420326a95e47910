/** A document in the Engine API's words, to be sent to an engine. */
export type EngineDocument = Record<string, unknown>;

/** The document without what is undefined, so that the engine's defaults hold. */
export function present(document: EngineDocument): EngineDocument {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

/** The fields that an engine's document gives, without what it has as null. */
export function given(fields: EngineDocument): EngineDocument {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

/**
 * A document of an engine, as it has to be read: whatever the Engine API says, any part of it may be null or missing in
 * one version or state or another.
 */
export type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Loose<T[Key]> | null }
    : T;
