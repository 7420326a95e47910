import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AutomationRunConnection, runSortKey } from '../automation/automation-run.model.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { CreateHookInput, HookPath, HookRunsArgs, UpdateHookInput } from './hook.inputs.js';
import { Hook, HookConnection, hookSortKey, HookWithToken } from './hook.model.js';
import { HooksService } from './hooks.service.js';

@Resolver()
export class HooksResolver {
  constructor(private readonly service: HooksService) {}

  @Query(() => HookConnection, { name: 'hooks', description: 'The hooks, by name.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.service.list(actor, { limit: first, after }), hookSortKey);
  }

  @Query(() => Hook, { name: 'hook', description: 'One hook.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: HookPath): Promise<Hook> {
    return this.service.get(actor, id);
  }

  @Query(() => AutomationRunConnection, {
    name: 'hookRuns',
    description: 'What calls of a hook have led to, newest first.',
  })
  async runs(@CurrentActor() actor: Actor, @Args() { id, first, after }: HookRunsArgs) {
    return toConnection(await this.service.runs(actor, id, { limit: first, after }), runSortKey);
  }

  @Mutation(() => HookWithToken, {
    name: 'createHook',
    description: 'Makes a hook. Its token, and a secret that was made up, are in this answer only.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateHookInput,
    @Args() options: DryRunQuery,
  ): Promise<HookWithToken> {
    return this.service.create(actor, input, options);
  }

  @Mutation(() => HookWithToken, { name: 'updateHook', description: 'Changes a hook; its token stays.' })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: HookPath,
    @Args('input') input: UpdateHookInput,
  ): Promise<HookWithToken> {
    return this.service.update(actor, id, input);
  }

  @Mutation(() => HookWithToken, {
    name: 'rotateHookToken',
    description: 'Gives a hook another token, in place of the one that it has.',
  })
  rotateToken(@CurrentActor() actor: Actor, @Args() { id }: HookPath): Promise<HookWithToken> {
    return this.service.rotateToken(actor, id);
  }

  @Mutation(() => Boolean, {
    name: 'deleteHook',
    description: 'Deletes a hook, with the record of its runs.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: HookPath): Promise<boolean> {
    await this.service.delete(actor, id);
    return true;
  }
}
