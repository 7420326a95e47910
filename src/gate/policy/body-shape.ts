import { DomainError, type FieldError } from '../../common/errors.js';

/** Where a shape reports what is wrong with a value. */
interface Findings {
  unknown(field: string): void;
  mistyped(field: string, expected: string): void;
}

/**
 * A closed description of a JSON value of type `T`: the keys that it may have, spelled exactly, and their types.
 * The engine reads JSON as Go does: keys without regard to case, even by Unicode folding, and unknown ones skipped.
 * So whatever a shape does not name letter by letter must never be forwarded.
 */
export interface Shape<T> {
  check(value: unknown, field: string, findings: Findings): void;
  /** Carries `T` for the compiler; never set. */
  readonly type?: T;
}

export type ValueOf<S> = S extends Shape<infer T> ? T : never;

/** The type of an object of these fields: each may be absent or null, which the engine takes as its zero value. */
export type ObjectOf<F> = { [K in keyof F]?: ValueOf<F[K]> | null };

const LONGEST_KEY_SHOWN = 100;
const MOST_FAULTS_SHOWN = 20;

function scalar<T>(expected: string, accepts: (value: unknown) => boolean): Shape<T> {
  return {
    check(value, field, findings) {
      if (!accepts(value)) findings.mistyped(field, expected);
    },
  };
}

export const text = scalar<string>('a string', (value) => typeof value === 'string');
export const flag = scalar<boolean>('true or false', (value) => typeof value === 'boolean');
export const integer = scalar<number>('a whole number', (value) => Number.isInteger(value));
export const decimal = scalar<number>('a number', (value) => Number.isFinite(value));

/** An array without null elements: the engine would read one as a zero value or crash on it. */
export function list<T>(of: Shape<T>): Shape<T[]> {
  return {
    check(value, field, findings) {
      if (Array.isArray(value)) value.forEach((item, index) => of.check(item, `${field}.${index}`, findings));
      else findings.mistyped(field, 'an array');
    },
  };
}

/** What the engine takes as a string or as an array of strings (`Cmd`, `Entrypoint`). */
export const textOrList: Shape<string | string[]> = {
  check(value, field, findings) {
    if (typeof value !== 'string') list(text).check(value, field, findings);
  },
};

/** An object whose keys are the caller's own (labels, sysctls, ports). */
export function map<T>(of: Shape<T>): Shape<Record<string, T | null>> {
  return {
    check(value, field, findings) {
      for (const [key, item] of entriesOf(value, field, findings)) {
        const path = pathTo(field, key);
        if (key === '__proto__') findings.unknown(path);
        else if (item !== null) of.check(item, path, findings);
      }
    },
  };
}

/** An object with these fields and no others. */
export function object<F extends Record<string, Shape<unknown>>>(fields: F): Shape<ObjectOf<F>> {
  return {
    check(value, field, findings) {
      for (const [key, item] of entriesOf(value, field, findings)) {
        const path = pathTo(field, key);
        const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
        if (shape === undefined) findings.unknown(path);
        else if (item !== null && item !== undefined) shape.check(item, path, findings);
      }
    },
  };
}

/** Every field of `body` that `shape` does not know or that has the wrong type; empty when it fits. */
export function bodyFaults(shape: Shape<unknown>, body: unknown): FieldError[] {
  const faults: FieldError[] = [];
  shape.check(body, '', {
    unknown: (field) => faults.push({ field, message: 'is not a known field' }),
    mistyped: (field, expected) => faults.push({ field, message: `must be ${expected}` }),
  });
  return faults;
}

/**
 * `body` as `T`. For what callers send. `what` names it in the message ("container").
 * @throws DomainError `invalid_input` with the fields that are unknown or of the wrong type
 */
export function readBody<T>(shape: Shape<T>, body: unknown, what: string): T {
  const faults = bodyFaults(shape, body);
  if (faults.length > 0) {
    throw new DomainError('invalid_input', `The ${what} has fields that are unknown or of the wrong type`, {
      errors: faults.slice(0, MOST_FAULTS_SHOWN),
    });
  }
  return body as T;
}

/**
 * `document` as `T`. For what an engine answers: fields that a newer engine adds are passed over.
 * @throws DomainError `engine_error` when a field that we read has another type than the Engine API gives it
 */
export function readDocument<T>(shape: Shape<T>, document: unknown, what: string): T {
  shape.check(document, '', {
    unknown: () => undefined,
    mistyped: (field) => {
      throw new DomainError(
        'engine_error',
        `The engine's ${what} cannot be read: ${field || 'it'} has an unexpected type`,
      );
    },
  });
  return document as T;
}

/** An instance of a class is no JSON: what it would serialise to is not what was checked. */
function entriesOf(value: unknown, field: string, findings: Findings): [key: string, item: unknown][] {
  if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return Object.entries(value);
  }
  findings.mistyped(field, 'an object');
  return [];
}

function pathTo(parent: string, key: string): string {
  const shown = key.length > LONGEST_KEY_SHOWN ? `${key.slice(0, LONGEST_KEY_SHOWN)}…` : key;
  return parent === '' ? shown : `${parent}.${shown}`;
}
