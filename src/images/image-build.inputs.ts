import { InputType } from '@nestjs/graphql';
import { InBoolean, InText, InTextMap } from '../common/input-fields.js';
import { IMAGE_NAME } from '../common/references.js';
import { InPlatform } from './image-fields.js';

/** Each option is stated once, for the JSON body, the GraphQL input and the query beside an uploaded context. */
const TAGS = {
  description: 'Names for the image, each with `:latest` where it has no tag.',
  max: 384,
  min: 1,
  pattern: IMAGE_NAME,
  patternHint: 'a name for an image: name or name:tag',
  list: { max: 32 },
  optional: true,
  fromText: true,
  example: ['team/app:v1'],
} as const;
const TARGET = {
  description: 'The stage of the Dockerfile to build. Default: the last.',
  max: 128,
  min: 1,
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
  patternHint: 'the name or number of a stage',
  optional: true,
} as const;
const NETWORK_MODE = {
  description:
    'The network of the steps: `default`, `bridge`, `none`; others as far as your security level allows.',
  max: 255,
  min: 1,
  optional: true,
  example: 'none',
} as const;
const NO_CACHE = {
  description: 'Whether to do every step anew. Default: false.',
  optional: true,
  fromText: true,
} as const;
const PULL = {
  description: 'Whether to ask registries for newer base images. Default: only for those that are missing.',
  optional: true,
  fromText: true,
} as const;
const EXTRA_HOSTS = {
  description: 'Further host names that the steps know, as `name:address`.',
  max: 512,
  min: 1,
  list: { max: 64 },
  optional: true,
  fromText: true,
  example: ['db:192.0.2.1'],
} as const;
const CACHE_FROM = {
  description: 'Images whose steps may be used again.',
  max: 520,
  min: 1,
  pattern: /^[a-zA-Z0-9[][a-zA-Z0-9._:/@+[\]-]*$/,
  patternHint: 'an image: name, name:tag or name@digest',
  list: { max: 32 },
  optional: true,
  fromText: true,
  example: ['team/app:v1'],
} as const;
const PLATFORM = 'What to build for. Default: what the engine is for.';

@InputType({ description: 'An image to build from a Dockerfile alone, without files beside it.' })
export class BuildImageInput {
  @InText({
    description: 'The Dockerfile.',
    max: 262_144,
    min: 1,
    multiline: true,
    example: 'FROM busybox\nCMD ["sh"]\n',
  })
  dockerfile!: string;

  @InText(TAGS)
  tags?: string[];

  @InTextMap({
    description:
      'Values of `ARG` instructions. They stay readable in the history of the image: no place for secrets.',
    maxEntries: 256,
    maxKey: 256,
    maxValue: 65_536,
    optional: true,
  })
  buildArgs?: Record<string, string>;

  @InTextMap({
    description: 'Labels of the image.',
    maxEntries: 256,
    maxKey: 256,
    maxValue: 4_096,
    optional: true,
  })
  labels?: Record<string, string>;

  @InText(TARGET)
  target?: string;

  @InPlatform(PLATFORM)
  platform?: string;

  @InText(NETWORK_MODE)
  networkMode?: string;

  @InBoolean(NO_CACHE)
  noCache?: boolean;

  @InBoolean(PULL)
  pull?: boolean;

  @InText(EXTRA_HOSTS)
  extraHosts?: string[];

  @InText(CACHE_FROM)
  cacheFrom?: string[];
}

/** What an image is to be built of an uploaded context, or one that the engine fetches. */
export class BuildContextQuery {
  @InText({
    description: 'The path of the Dockerfile in the context. Default `Dockerfile`.',
    max: 1_024,
    min: 1,
    optional: true,
    example: 'Dockerfile',
  })
  dockerfile?: string;

  @InText({
    description:
      'An address that the engine is to fetch the context from, instead of the body: only with the security level `privileged`.',
    max: 2_048,
    min: 1,
    optional: true,
    example: 'https://example.com/context.tar.gz',
  })
  remote?: string;

  @InText(TAGS)
  tag?: string[];

  @InText({
    description:
      'Values of `ARG` instructions, each NAME=value. They stay readable in the history of the image.',
    max: 65_536,
    min: 1,
    pattern: /^[^=]+=[\s\S]*$/,
    patternHint: 'NAME=value',
    list: { max: 256 },
    optional: true,
    fromText: true,
    example: ['VERSION=1'],
  })
  buildArg?: string[];

  @InText({
    description: 'Labels of the image, each key=value.',
    max: 4_096,
    min: 1,
    pattern: /^[^=]+=[\s\S]*$/,
    patternHint: 'key=value',
    list: { max: 256 },
    optional: true,
    fromText: true,
    example: ['com.example.team=web'],
  })
  label?: string[];

  @InText(TARGET)
  target?: string;

  @InPlatform(PLATFORM)
  platform?: string;

  @InText(NETWORK_MODE)
  networkMode?: string;

  @InBoolean(NO_CACHE)
  noCache?: boolean;

  @InBoolean(PULL)
  pull?: boolean;

  @InText(EXTRA_HOSTS)
  extraHost?: string[];

  @InText(CACHE_FROM)
  cacheFrom?: string[];
}
