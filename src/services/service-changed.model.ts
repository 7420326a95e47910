import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Service } from './service.model.js';

@ObjectType('ServiceChange', { description: 'Something new about the services of a swarm.' })
export class ServiceChanged extends ObjectChange {
  @OutObject(() => Service, 'The service as it is now, or was before it was removed.', { nullable: true })
  service!: Service | null;
}
