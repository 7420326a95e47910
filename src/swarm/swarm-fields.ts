import { InInteger, InText, InTextMap } from '../common/input-fields.js';

/** What every route on objects of a swarm may answer with besides its result. */
export const ON_SWARM = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
  'swarm_inactive',
  'swarm_worker',
  'swarm_locked',
  'swarm_no_quorum',
] as const;

/** The input field of an object's labels, all of them. */
export const InSwarmLabels = (description = 'Labels.'): PropertyDecorator =>
  InTextMap({ description, maxEntries: 256, maxKey: 256, maxValue: 4_096, optional: true });

/** The input field by which a change is bound to what its caller has seen. */
export const InVersion = (): PropertyDecorator =>
  InInteger({
    description:
      'The `version` that the change is made for: where it was changed meanwhile, nothing is done and the answer is `conflict`. Default: the one that it has now.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    example: 12,
  });

/** What a secret or config is called, as SwarmKit's names are. */
const DATA_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/;

/** The input field of a secret's or config's name, or of what names it. */
export const InDataName = (description: string): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 64,
    pattern: DATA_NAME,
    patternHint: 'an id or name: letters, digits, "_", "." and "-", and at both ends a letter or digit',
    example: 'database-password',
  });
