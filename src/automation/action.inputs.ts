import { InputType } from '@nestjs/graphql';
import { IMAGE_DIGEST, IMAGE_TAG } from '../common/image-reference.js';
import { InBoolean, InChoice, InInteger, InObject, InText } from '../common/input-fields.js';
import { CONTAINER_REFERENCE, InEngineName } from '../common/references.js';
import { RunContainerInput } from '../containers/container-create.inputs.js';
import { SystemPruneInput } from '../system/prune.inputs.js';
import { type Compression, COMPRESSIONS } from '../volumes/volume-transfer.inputs.js';
import { ACTION_KINDS, type ActionKind } from './action-kinds.js';

export const MOST_REPLICAS = 10_000;
const MOST_SECONDS = 86_400;

@InputType({ description: 'How a container is re-created.' })
export class RecreateOptionsInput {
  @InInteger({
    description:
      'How many seconds the health check of the new container may take to say that it is healthy. Default 120.',
    min: 1,
    max: 3_600,
    optional: true,
  })
  healthTimeoutSeconds?: number;

  @InInteger({
    description:
      'How many seconds a new container without a health check has to run to be taken for good. Default 10.',
    min: 0,
    max: 3_600,
    optional: true,
  })
  settleSeconds?: number;

  @InBoolean({
    description: 'Whether to pull the image first. False takes the one that the engine has. Default: true.',
    optional: true,
  })
  pull?: boolean;

  @InBoolean({
    description: 'Whether to re-create it also where its image is what it was. Default: false.',
    optional: true,
  })
  always?: boolean;
}

@InputType({ description: 'How backups of a volume are made and kept.' })
export class BackupOptionsInput {
  @InInteger({
    description: 'How many backups of it to keep at most: older ones are deleted once a new one is whole.',
    min: 1,
    max: 1_000,
  })
  keepLast!: number;

  @InInteger({
    description:
      'For how many days to keep a backup at most; the newest is kept all the same. Default: no limit.',
    min: 1,
    max: 3_650,
    optional: true,
  })
  keepDays?: number;

  @InChoice({ description: 'How to compress them. Default `zstd`.', values: COMPRESSIONS, optional: true })
  compression?: Compression;

  @InBoolean({
    description:
      'Whether to pause the containers that run with the volume meanwhile; that needs `containers:pause` and `containers:unpause` on each. Default: false.',
    optional: true,
  })
  pause?: boolean;
}

/** What a hook or a schedule does. Which fields go with which kind is checked by `checkAction`. */
@InputType({ description: 'What to do. Fields that do not go with its kind are refused.' })
export class ActionInput {
  @InChoice({
    description:
      'What it is: `recreateContainer` pulls the image and replaces the container; `runContainer` runs a new one to its end.',
    values: ACTION_KINDS,
  })
  kind!: ActionKind;

  @InEngineName()
  engine!: string;

  @InText({
    description: 'The name of the container, service or volume. For all but `runContainer` and `prune`.',
    min: 1,
    max: 255,
    pattern: CONTAINER_REFERENCE,
    patternHint: 'a name: letters, digits, "_", "." and "-"',
    optional: true,
    example: 'web',
  })
  target?: string;

  @InText({
    description: 'Another tag of the same image. For `recreateContainer` and `updateService`.',
    min: 1,
    max: 128,
    pattern: IMAGE_TAG,
    patternHint: 'a tag: letters, digits, "_", "." and "-"',
    optional: true,
    example: 'v2',
  })
  tag?: string;

  @InText({
    description: 'The digest of the same image. For `recreateContainer` and `updateService`.',
    min: 1,
    max: 300,
    pattern: IMAGE_DIGEST,
    patternHint: 'a digest, such as sha256: and 64 hexadecimal digits',
    optional: true,
    example: `sha256:${'0123456789abcdef'.repeat(4)}`,
  })
  digest?: string;

  @InInteger({
    description: 'How many replicas. For `scaleService`.',
    min: 0,
    max: MOST_REPLICAS,
    optional: true,
  })
  replicas?: number;

  @InInteger({
    description:
      'Seconds: for `stopContainer` and `restartContainer` how long to wait before killing (default: that of the container); for `runContainer` how long it may run (default 3600); for services how long to wait until it is so (default 600).',
    min: 0,
    max: MOST_SECONDS,
    optional: true,
  })
  timeoutSeconds?: number;

  @InObject(() => RecreateOptionsInput, { description: 'For `recreateContainer`.', optional: true })
  recreate?: RecreateOptionsInput;

  @InObject(() => RunContainerInput, {
    description:
      'The container to run, and to remove when it has ended. For `runContainer`. Stored encrypted.',
    optional: true,
  })
  run?: RunContainerInput;

  @InObject(() => SystemPruneInput, { description: 'What to remove. For `prune`.', optional: true })
  prune?: SystemPruneInput;

  @InObject(() => BackupOptionsInput, { description: 'For `backupVolume`.', optional: true })
  backup?: BackupOptionsInput;
}
