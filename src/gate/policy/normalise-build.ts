import { DomainError } from '../../common/errors.js';
import type { EngineRequest } from '../../engine/engine-connection.js';
import { list, object, readBody } from './body-shape.js';
import { ULIMIT } from './container-body.js';
import type { ContainerSpec } from './container-spec.js';
import type { Violation } from './evaluate.js';
import { normaliseCreate } from './normalise-container.js';

/** What of ImageBuild's query a container may have only as the rules on containers say, and no rule on builds is about. */
const STEP_OPTIONS = object({ ulimits: list(ULIMIT) });

type BuildQuery = NonNullable<EngineRequest['query']>;

/** The containers in which the steps of a build run, and the query that was read. */
export interface Build {
  readonly steps: ContainerSpec;
  /** What was a document in it is written anew: engines might read it otherwise than we do. */
  readonly query: BuildQuery;
}

/** @throws DomainError `invalid_input` when an option has a field that the policy does not know or a value of the wrong type */
export function normaliseBuild(query: BuildQuery): Build {
  const { ulimits: given, ...others } = query;
  const { ulimits } = readBody(STEP_OPTIONS, { ulimits: documentOf('ulimits', given) }, 'build');
  const steps = normaliseCreate({ Image: 'none', HostConfig: { Ulimits: ulimits } });
  return { steps, query: ulimits == null ? others : { ...others, ulimits: JSON.stringify(ulimits) } };
}

/** About the parameter of the query: those of a build are called as in a container's body, in lower case. */
export function aboutBuild({ field, ...rest }: Violation): Violation {
  return { ...rest, field: field.replace(/^HostConfig\./, '').toLowerCase() };
}

function documentOf(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch (cause) {
    const message = 'must be JSON';
    throw new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }], cause });
  }
}
