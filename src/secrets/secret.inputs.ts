import { InputType } from '@nestjs/graphql';
import { InObject, InText, InTextMap } from '../common/input-fields.js';
import { DataChangeInput, DataInput, InData, InDataText } from '../swarm/data.inputs.js';

/** How many bytes SwarmKit lets a secret have. */
export const MAX_SECRET_BYTES = 511_999;

@InputType({ description: 'The plugin that gives the data of a secret.' })
export class SecretDriverInput {
  @InText({
    description: 'The name of the plugin.',
    min: 1,
    max: 255,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.:/-]*$/,
    patternHint: 'the name of a plugin',
    example: 'vault',
  })
  name!: string;

  @InTextMap({
    description: 'Options that the plugin understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  options?: Record<string, string>;
}

@InputType({ description: 'A secret to make. Its data goes in and never comes out again.' })
export class CreateSecretInput extends DataInput {
  @InData('secret', MAX_SECRET_BYTES)
  data?: string;

  @InDataText('secret', MAX_SECRET_BYTES)
  text?: string;

  @InObject(() => SecretDriverInput, {
    description:
      'The plugin that gives the data, in the place of `data` and `text`. Takes the security level privileged.',
    optional: true,
  })
  driver?: SecretDriverInput;
}

@InputType({ description: 'What to change of a secret. Its data cannot be changed: make another secret.' })
export class UpdateSecretInput extends DataChangeInput {}
