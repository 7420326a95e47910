import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Volume } from './volume.model.js';

@ObjectType({ description: 'Something new about the volumes of an engine.' })
export class VolumeChange extends ObjectChange {
  @OutObject(() => Volume, 'The volume as it is now, or was before it was removed.', { nullable: true })
  volume!: Volume | null;
}
