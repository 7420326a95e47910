import type { PayloadValue } from '../../automation/action-kinds.js';
import type { PayloadValues } from '../../automation/action-check.js';
import { MOST_REPLICAS } from '../../automation/action.inputs.js';
import { DomainError } from '../../common/errors.js';
import { matchesGlob } from '../../common/glob.js';
import { IMAGE_DIGEST, IMAGE_TAG } from '../../common/image-reference.js';
import type { Happening } from './sent-payload.js';

/** Which happenings a hook is for. */
export interface HappeningFilter {
  /** Repositories, of which one has to be named. Empty for any. */
  readonly repositories: readonly string[];
  /** Tags, in which `*` stands for anything. Empty for any. */
  readonly tags: readonly string[];
}

/** Whether a hook is for this. What a filter asks for has to be told. */
export function isMeant({ repositories, tags }: HappeningFilter, { repository, tag }: Happening): boolean {
  const ofRepository =
    repositories.length === 0 ||
    (repository !== undefined && repositories.some((wanted) => isRepository(wanted, repository)));
  const ofTag = tags.length === 0 || (tag !== undefined && tags.some((glob) => matchesGlob(glob, tag)));
  return ofRepository && ofTag;
}

/**
 * What of a happening goes into the action, and nothing else.
 *
 * @throws DomainError `invalid_input` where it is missing or out of bounds
 */
export function valuesFrom(happening: Happening, take: readonly PayloadValue[]): PayloadValues {
  const { tag, digest, replicas } = happening;
  return {
    ...(take.includes('tag') ? { tag: checked('tag', tag, IMAGE_TAG) } : {}),
    ...(take.includes('digest') ? { digest: checked('digest', digest, IMAGE_DIGEST) } : {}),
    ...(take.includes('replicas') ? { replicas: number(replicas) } : {}),
  };
}

/** `team/app` is a repository of any registry; with a registry it has to be that one. */
function isRepository(wanted: string, told: string): boolean {
  const slash = told.indexOf('/');
  const isRegistry = slash > 0 && /[.:]/.test(told.slice(0, slash));
  return told === wanted || (isRegistry && told.slice(slash + 1) === wanted);
}

function checked(field: PayloadValue, text: string | undefined, pattern: RegExp): string {
  if (text !== undefined && text.length <= 300 && pattern.test(text)) return text;
  throw invalid(field, `must be a ${field}`);
}

function number(value: unknown): number {
  const replicas = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (
    typeof replicas === 'number' &&
    Number.isInteger(replicas) &&
    replicas >= 0 &&
    replicas <= MOST_REPLICAS
  )
    return replicas;
  throw invalid('replicas', `must be a whole number from 0 to ${MOST_REPLICAS}`);
}

function invalid(field: PayloadValue, message: string): DomainError {
  return new DomainError('invalid_input', `The ${field} in the payload ${message}`, {
    errors: [{ field, message }],
  });
}
