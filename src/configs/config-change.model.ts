import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Config } from './config.model.js';

@ObjectType({ description: 'Something new about the configs of a swarm.' })
export class ConfigChange extends ObjectChange {
  @OutObject(() => Config, 'The config as it is now, or was before it was removed.', { nullable: true })
  config!: Config | null;
}
