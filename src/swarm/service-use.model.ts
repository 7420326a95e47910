import { ObjectType } from '@nestjs/graphql';
import { OutText } from '../common/output-fields.js';

@ObjectType({ description: 'A service that uses a secret or config.' })
export class ServiceUse {
  @OutText('The full id of the service.')
  serviceId!: string;

  @OutText('The name of the service.')
  serviceName!: string;

  @OutText('The file that its containers find it in; null where it is used in another way.', {
    nullable: true,
  })
  file!: string | null;
}
