import { Injectable } from '@nestjs/common';
import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { RequestLoader } from '../http/request-loader.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ServiceUse } from '../swarm/service-use.model.js';
import { type ServiceUses, serviceUses } from '../swarm/service-uses.js';
import { Config } from './config.model.js';

/** Leads from configs to the services that use them, from memory, through the gate once for each operation. */
@Injectable()
export class ConfigJoins {
  private readonly uses = new RequestLoader<ServiceUses | null>();

  constructor(private readonly gate: Gate) {}

  /** Null where the actor may see no services at all. */
  async usedBy(
    actor: Actor,
    { engine, id }: Config,
    info: GraphQLResolveInfo,
  ): Promise<readonly ServiceUse[] | null> {
    const uses = await this.uses.load(info, engine, () =>
      serviceUses(this.gate.as(actor).engine(engine), 'config'),
    );
    return uses && (uses.get(id) ?? []);
  }
}

@Resolver(() => Config)
export class ConfigUsesResolver {
  constructor(private readonly joins: ConfigJoins) {}

  @ResolveField(() => [ServiceUse], {
    name: 'usedBy',
    nullable: true,
    description: 'The services that use it, as far as you may see them; null where you may see none at all.',
  })
  usedBy(@CurrentActor() actor: Actor, @Parent() config: Config, @Info() info: GraphQLResolveInfo) {
    return this.joins.usedBy(actor, config, info);
  }
}
