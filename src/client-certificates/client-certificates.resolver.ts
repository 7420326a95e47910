import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { doorwaySortKey } from '../doorways/doorway.model.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateClientCertificateInput,
  ClientCertificatePath,
  UpdateClientCertificateInput,
} from './client-certificate.inputs.js';
import { ClientCertificate, ClientCertificateConnection } from './client-certificate.model.js';
import { ClientCertificatesService } from './client-certificates.service.js';

@Resolver()
export class ClientCertificatesResolver {
  constructor(private readonly certificates: ClientCertificatesService) {}

  @Query(() => ClientCertificateConnection, {
    name: 'clientCertificates',
    description: 'The client certificates, by name.',
  })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.certificates.list(actor, { limit: first, after }), doorwaySortKey);
  }

  @Query(() => ClientCertificate, {
    name: 'clientCertificate',
    description: 'What one client certificate stands for.',
  })
  get(@CurrentActor() actor: Actor, @Args() { id }: ClientCertificatePath): Promise<ClientCertificate> {
    return this.certificates.get(actor, id);
  }

  @Mutation(() => ClientCertificate, {
    name: 'createClientCertificate',
    description: 'Lets a client certificate stand for somebody who may do no more than you.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateClientCertificateInput,
    @Args() options: DryRunQuery,
  ): Promise<ClientCertificate> {
    return this.certificates.create(actor, input, options);
  }

  @Mutation(() => ClientCertificate, {
    name: 'updateClientCertificate',
    description:
      'Changes, disables or enables what a client certificate stands for. What goes on by it ends.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: ClientCertificatePath,
    @Args('input') input: UpdateClientCertificateInput,
  ): Promise<ClientCertificate> {
    return this.certificates.update(actor, id, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteClientCertificate',
    description: 'Has a client certificate stand for nobody. What goes on by it ends.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: ClientCertificatePath): Promise<boolean> {
    await this.certificates.delete(actor, id);
    return true;
  }
}
