import { InText } from '../common/input-fields.js';
import { IMAGE_NAME } from '../common/references.js';

/** Input fields that several inputs of images have, each with its bounds and pattern stated once. */

/** The input field of a platform. */
export const InPlatform = (description: string): PropertyDecorator =>
  InText({
    description,
    max: 64,
    pattern: /^[a-z0-9]+(\/[a-zA-Z0-9_]+(\/[a-zA-Z0-9_.]+)?)?$/,
    patternHint: 'os, os/architecture or os/architecture/variant',
    optional: true,
    example: 'linux/amd64',
  });

/** The input field of a name to give to an image; `:latest` where it has no tag. */
export const InNewImageName = (description: string, { optional = false } = {}): PropertyDecorator =>
  InText({
    description,
    max: 384,
    min: 1,
    pattern: IMAGE_NAME,
    patternHint: 'a name for an image: name or name:tag',
    optional,
    example: 'team/app:v1',
  });

/** Dockerfile instructions that change how an image is run. */
export const CHANGES = {
  description:
    'Dockerfile instructions to apply: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `ONBUILD`, `USER`, `VOLUME`, `WORKDIR`.',
  max: 4_096,
  min: 1,
  list: { max: 64 },
  optional: true,
  fromText: true,
  example: ['CMD ["/app"]'],
} as const;
