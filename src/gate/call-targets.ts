import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { Operation } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { namesOf } from './created-object.js';
import { savingAll } from './saved-images.js';
import type { Target } from './targets.js';

type Parameter = NonNullable<Operation['targetParameter']>;

/** The error for a call that has to name one object. */
export function namesNotOne({ name }: Parameter): DomainError {
  const message = 'must name one object';
  return new DomainError('invalid_input', `${name} ${message}`, { errors: [{ field: name, message }] });
}

/** The objects that a call names: one as a rule, of images to be saved several. */
export function namesIn(request: EngineRequest, { in: place, name }: Parameter): string[] {
  return namesOf(place === 'path' ? request.params?.[name] : request.query?.[name]);
}

/** The same call, about another object. */
export function withId(request: EngineRequest, { in: place, name }: Parameter, id: string): EngineRequest {
  return place === 'path'
    ? { ...request, params: { ...request.params, [name]: id } }
    : { ...request, query: { ...request.query, [name]: id } };
}

/** The call as it is to be sent: by what was decided on. */
export function addressedTo(
  targets: readonly Target[],
  operation: Operation,
  request: EngineRequest,
): Pick<Admission, 'operation' | 'request' | 'target' | 'several'> {
  const [target] = targets;
  const parameter = operation.targetParameter;
  if (!target || !parameter) return { operation, request, target: undefined };
  if (targets.length > 1) return { ...savingAll(request, targets), target: undefined, several: targets };
  return { operation, request: withId(request, parameter, target.sendAs ?? target.id), target };
}
