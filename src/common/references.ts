import { InText } from './input-fields.js';

/** What an engine may be called: it stands in paths and tokens, so it is kept to lower-case letters, digits and `-`. */
export const ENGINE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A container's id, the start of one, or its name. As the Engine API has names, of at most 255 characters. */
export const CONTAINER_REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

/** An exec's id. The engine takes it whole only. */
export const EXEC_ID = /^[a-f0-9]{64}$/;

/** The input field that names an engine. */
export const InEngineName = (): PropertyDecorator =>
  InText({
    description: 'The name of the engine.',
    min: 1,
    max: 63,
    pattern: ENGINE_NAME,
    patternHint: 'an engine name: lower-case letters, digits and "-"',
    example: 'local',
  });

/** The input field that names a container. */
export const InContainerReference = (
  description = "The container's id, the start of one, or its name.",
): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 255,
    pattern: CONTAINER_REFERENCE,
    patternHint: 'a container id or name: letters, digits, "_", "." and "-"',
    example: 'web',
  });

/** The input field that names an exec. */
export const InExecId = (): PropertyDecorator =>
  InText({
    description: "The exec's id.",
    min: 64,
    max: 64,
    pattern: EXEC_ID,
    patternHint: 'an exec id of 64 hexadecimal digits',
  });
