import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { DaemonConfig, DaemonConfigValidation, ValidateDaemonConfigInput } from './daemon-config.model.js';
import { DiskUsage } from './disk-usage.model.js';
import { DiskUsageService } from './disk-usage.service.js';
import { SystemPruneInput } from './prune.inputs.js';
import { SystemPruneReport } from './prune.model.js';
import { PruneService } from './prune.service.js';
import { DistributionArgs } from './system.inputs.js';
import { DistributionImage, SystemInfo, SystemPing, SystemVersion } from './system.model.js';
import { SystemService } from './system.service.js';

@Resolver()
export class SystemResolver {
  constructor(
    private readonly system: SystemService,
    private readonly usage: DiskUsageService,
    private readonly pruning: PruneService,
  ) {}

  @Query(() => SystemInfo, { name: 'systemInfo', description: 'What an engine is, and what it can do.' })
  info(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<SystemInfo> {
    return this.system.info(actor, engine);
  }

  @Query(() => SystemVersion, { name: 'systemVersion', description: 'The versions of an engine.' })
  version(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<SystemVersion> {
    return this.system.version(actor, engine);
  }

  @Query(() => SystemPing, { name: 'systemPing', description: 'Asks an engine whether it is there.' })
  ping(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<SystemPing> {
    return this.system.ping(actor, engine);
  }

  @Query(() => DiskUsage, {
    name: 'diskUsage',
    description: 'What an engine takes of its disk, by kind, and what could be reclaimed.',
  })
  diskUsage(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<DiskUsage> {
    return this.usage.usage(actor, engine);
  }

  @Query(() => DistributionImage, {
    name: 'distributionImage',
    description: 'An image where its registry has it.',
  })
  distribution(
    @CurrentActor() actor: Actor,
    @Args() { engine, reference }: DistributionArgs,
  ): Promise<DistributionImage> {
    return this.system.distribution(actor, engine, reference);
  }

  @Query(() => DaemonConfig, {
    name: 'daemonConfig',
    description: 'How an engine is set up, with advice where that is known to hurt.',
  })
  daemonConfig(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<DaemonConfig> {
    return this.system.daemonConfig(actor, engine);
  }

  @Query(() => DaemonConfigValidation, {
    name: 'validateDaemonConfig',
    description: 'Checks a proposed daemon.json against what engines know and how this one runs.',
  })
  validate(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') { content }: ValidateDaemonConfigInput,
  ): Promise<DaemonConfigValidation> {
    return this.system.validate(actor, engine, content);
  }

  @Mutation(() => SystemPruneReport, {
    name: 'pruneSystem',
    description: 'Removes all that is not in use and that you may remove, or tells what would go.',
  })
  prune(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input', { nullable: true }) input?: SystemPruneInput,
  ): Promise<SystemPruneReport> {
    return this.pruning.prune(actor, engine, input ?? {});
  }
}
