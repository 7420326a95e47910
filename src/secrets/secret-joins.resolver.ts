import { Injectable } from '@nestjs/common';
import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { RequestLoader } from '../http/request-loader.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ServiceUse } from '../swarm/service-use.model.js';
import { type ServiceUses, serviceUses } from '../swarm/service-uses.js';
import { Secret } from './secret.model.js';

/** Leads from secrets to the services that use them, from memory, through the gate once for each operation. */
@Injectable()
export class SecretJoins {
  private readonly uses = new RequestLoader<ServiceUses | null>();

  constructor(private readonly gate: Gate) {}

  /** Null where the actor may see no services at all. */
  async usedBy(
    actor: Actor,
    { engine, id }: Secret,
    info: GraphQLResolveInfo,
  ): Promise<readonly ServiceUse[] | null> {
    const uses = await this.uses.load(info, engine, () =>
      serviceUses(this.gate.as(actor).engine(engine), 'secret'),
    );
    return uses && (uses.get(id) ?? []);
  }
}

@Resolver(() => Secret)
export class SecretUsesResolver {
  constructor(private readonly joins: SecretJoins) {}

  @ResolveField(() => [ServiceUse], {
    name: 'usedBy',
    nullable: true,
    description: 'The services that use it, as far as you may see them; null where you may see none at all.',
  })
  usedBy(@CurrentActor() actor: Actor, @Parent() secret: Secret, @Info() info: GraphQLResolveInfo) {
    return this.joins.usedBy(actor, secret, info);
  }
}
