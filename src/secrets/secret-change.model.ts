import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Secret } from './secret.model.js';

@ObjectType({ description: 'Something new about the secrets of a swarm.' })
export class SecretChange extends ObjectChange {
  @OutObject(() => Secret, 'The secret as it is now, or was before it was removed.', { nullable: true })
  secret!: Secret | null;
}
