import { IMAGE_DIGEST, IMAGE_TAG, REGISTRY_HOST, REPOSITORY_PATH } from './image-reference.js';
import { InText } from './input-fields.js';

/** What an engine may be called: it stands in paths and tokens, so it is kept to lower-case letters, digits and `-`. */
export const ENGINE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A container's id, the start of one, or its name. As the Engine API has names, of at most 255 characters. */
export const CONTAINER_REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

/** An exec's id. The engine takes it whole only. */
export const EXEC_ID = /^[a-f0-9]{64}$/;

/** What an image may be called, as the distribution project's grammar has it: `[host[:port]/]path[:tag]`. */
const TAGGED_NAME = `(?:${bare(REGISTRY_HOST)}/)?${bare(REPOSITORY_PATH)}(?::${bare(IMAGE_TAG)})?`;

/** A name to give to an image: without a digest, which nobody chooses. */
export const IMAGE_NAME = new RegExp(`^${TAGGED_NAME}$`);

/** A name of an image, with a tag, a digest, both or neither; its id, or the start of one. */
export const IMAGE_REFERENCE = new RegExp(
  `^(?:${TAGGED_NAME}(?:@${bare(IMAGE_DIGEST)})?|(?:sha256:)?[a-f0-9]{1,64})$`,
);

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

/** The input field that names an image. */
export const InImage = (
  description = "The image's name (`team/app:v1`, `team/app@sha256:…`), its id, or the start of one. In a path its slashes are written `%2F`.",
): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 520,
    pattern: IMAGE_REFERENCE,
    patternHint: 'an image: name, name:tag, name@digest or an id',
    example: 'team/app:v1',
  });

/** The expression without its anchors, to be a part of another. */
function bare({ source }: RegExp): string {
  return `(?:${source.replace(/^\^|\$$/g, '')})`;
}
