import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InText } from '../common/input-fields.js';
import { InId } from './id-field.js';
import { InDescription, InName } from './name-fields.js';

@InputType({ description: 'A service account to create. It may do nothing until it has a role binding.' })
export class CreateServiceAccountInput {
  @InName('Its name; kept in lower case.', 'deployer')
  name!: string;

  @InDescription()
  description?: string;
}

@InputType({ description: 'What to change about a service account; what is left out stays.' })
export class UpdateServiceAccountInput {
  @InText({ description: 'What it is for.', max: 500, optional: true })
  description?: string;

  @InBoolean({ description: 'Whether its API tokens are refused.', optional: true })
  disabled?: boolean;
}

/** What the path `/service-accounts/{id}` carries. */
@ArgsType()
export class ServiceAccountPath {
  @InId('The id of the service account.')
  id!: string;
}

/** What the path `/service-accounts/{id}/tokens/{tokenId}` carries. */
@ArgsType()
export class ServiceAccountTokenPath extends ServiceAccountPath {
  @InId('The id of the API token.')
  tokenId!: string;
}
