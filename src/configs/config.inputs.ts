import { InputType } from '@nestjs/graphql';
import { DataChangeInput, DataInput, InData, InDataText } from '../swarm/data.inputs.js';

/** How many bytes SwarmKit lets a config have. */
export const MAX_CONFIG_BYTES = 1_023_999;

@InputType({ description: 'A config to make.' })
export class CreateConfigInput extends DataInput {
  @InData('config', MAX_CONFIG_BYTES)
  data?: string;

  @InDataText('config', MAX_CONFIG_BYTES)
  text?: string;
}

@InputType({ description: 'What to change of a config. Its data cannot be changed: make another config.' })
export class UpdateConfigInput extends DataChangeInput {}
