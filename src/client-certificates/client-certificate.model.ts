import { ObjectType } from '@nestjs/graphql';
import { OutChoice, OutText } from '../common/output-fields.js';
import { ConnectionOf, PageOf } from '../common/pagination.js';
import type { NamedDoorway } from '../doorways/doorway-management.service.js';
import { Doorway, toDoorway } from '../doorways/doorway.model.js';
import { fromStoredName, KNOWN_BY, type KnownBy } from './certificate-names.js';

@ObjectType({ description: 'A client certificate by which somebody comes in to the Engine API, by TLS.' })
export class ClientCertificate extends Doorway {
  @OutChoice(KNOWN_BY, 'What it is known by.')
  knownBy!: KnownBy;

  @OutText('The fingerprint, alternative name or subject.')
  value!: string;
}

export class ClientCertificatePage extends PageOf(ClientCertificate) {}
export const ClientCertificateConnection = ConnectionOf(ClientCertificate);

export function toClientCertificate({ stored, subjectName }: NamedDoorway): ClientCertificate {
  return { ...toDoorway(stored, subjectName), ...fromStoredName(stored.certificate ?? '') };
}
