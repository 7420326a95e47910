import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Network } from './network.model.js';

@ObjectType({ description: 'Something new about the networks of an engine.' })
export class NetworkChange extends ObjectChange {
  @OutObject(() => Network, 'The network as it is now, or was before it was removed.', { nullable: true })
  network!: Network | null;
}
