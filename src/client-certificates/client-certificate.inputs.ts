import { ArgsType, InputType } from '@nestjs/graphql';
import { InChoice, InText } from '../common/input-fields.js';
import { CreateDoorwayInput, UpdateDoorwayInput } from '../doorways/doorway.inputs.js';
import { InId } from '../identity/id-field.js';
import { KNOWN_BY, type KnownBy } from './certificate-names.js';

@InputType({ description: 'A client certificate that is to stand for somebody.' })
export class CreateClientCertificateInput extends CreateDoorwayInput {
  @InChoice({
    description:
      'What it is known by. Where several fit a certificate, its fingerprint decides, then its alternative names, then its subject.',
    values: KNOWN_BY,
  })
  knownBy!: KnownBy;

  @InText({
    description:
      'Its SHA-256 fingerprint; an alternative name, as `DNS:…`, `email:…` or `URI:…`; or its subject by RFC 4514, such as `CN=ci,O=Example`.',
    min: 3,
    max: 1_024,
    example: 'URI:spiffe://example.com/ci',
  })
  value!: string;
}

@InputType({
  description:
    'What to change about what a client certificate stands for; what is left out stays. Its open connections end.',
})
export class UpdateClientCertificateInput extends UpdateDoorwayInput {}

/** What the path `/client-certificates/{id}` carries. */
@ArgsType()
export class ClientCertificatePath {
  @InId('The id of the client certificate.')
  id!: string;
}
