import { labelMatcher } from '../containers/container-filter.js';

/** An object as these filters look at it. */
interface Named {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether an object has a name and labels as asked for.
 *
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function namedMatcher({
  name,
  label,
}: {
  name?: string | undefined;
  label?: readonly string[] | undefined;
}): (object: Named) => boolean {
  const meetsLabels = labelMatcher(label);
  return (object) => (name === undefined || object.name.includes(name)) && meetsLabels(object.labels);
}
