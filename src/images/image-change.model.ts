import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Image } from './image.model.js';

@ObjectType({ description: 'Something new about the images of an engine.' })
export class ImageChange extends ObjectChange {
  @OutObject(() => Image, 'The image as it is now, or was before it was removed.', { nullable: true })
  image!: Image | null;
}
