import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Container } from './container.model.js';

@ObjectType({ description: 'Something new about the containers of an engine.' })
export class ContainerChange extends ObjectChange {
  @OutObject(() => Container, 'The container as it is now, or was before it was removed.', { nullable: true })
  container!: Container | null;
}
