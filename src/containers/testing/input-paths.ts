import { inputFieldsOf } from '../../common/input-fields.js';

/** The paths of every field of an input and of the inputs within it, lists as `*`: `mounts.*.bind.propagation`. */
export function fieldPaths(type: new () => object, parent = ''): string[] {
  return inputFieldsOf(type).flatMap(({ property, options }) => {
    const path = `${parent}${property}`;
    return options.type ? fieldPaths(options.type(), `${path}${options.list ? '.*.' : '.'}`) : [path];
  });
}

/** Whether an input gives a value at such a path. */
export function hasValueAt(input: unknown, path: string): boolean {
  return at(input, path.split('.')).length > 0;
}

/** The input without what is at such a path; of a list, in the first item that has it. */
export function without<T extends object>(input: T, path: string): T {
  const copy = structuredClone(input);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const holder = at(copy, steps).find((value) => hasValueAt(value, last));
  Reflect.deleteProperty(holder as object, last);
  return copy;
}

function at(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [value];
  if (step === '*') return (value as unknown[]).flatMap((item) => at(item, rest));
  return at((value as Record<string, unknown>)[step], rest);
}
