const NONE: ReadonlySet<never> = new Set<never>();

/** Objects by their labels. */
export class LabelIndex<T extends { readonly labels: Readonly<Record<string, string>> }> {
  private readonly byKey = new Map<string, Map<string, Set<T>>>();

  add(object: T): void {
    for (const [key, value] of Object.entries(object.labels)) {
      const values = this.byKey.get(key) ?? new Map<string, Set<T>>();
      this.byKey.set(key, values.set(value, (values.get(value) ?? new Set<T>()).add(object)));
    }
  }

  remove(object: T): void {
    for (const [key, value] of Object.entries(object.labels)) {
      const values = this.byKey.get(key);
      const objects = values?.get(value);
      objects?.delete(object);
      if (objects?.size === 0) values?.delete(value);
      if (values?.size === 0) this.byKey.delete(key);
    }
  }

  /** Those with the label, whatever its value, or with just that value. */
  get(key: string, value?: string): ReadonlySet<T> {
    const values = this.byKey.get(key);
    if (!values) return NONE;
    if (value !== undefined) return values.get(value) ?? NONE;
    return new Set([...values.values()].flatMap((objects) => [...objects]));
  }
}
