import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { SecretChange } from './secret-change.model.js';
import { SecretChangedArgs, SecretsArgs } from './secret-list.inputs.js';
import { SecretPath } from './secret-paths.js';
import { SecretWatchService } from './secret-watch.service.js';
import { CreateSecretInput, UpdateSecretInput } from './secret.inputs.js';
import { SecretConnection, SecretDetails } from './secret.model.js';
import { SecretsService } from './secrets.service.js';

@Resolver(() => SecretDetails)
export class SecretsResolver {
  constructor(
    private readonly secrets: SecretsService,
    private readonly watching: SecretWatchService,
  ) {}

  @Query(() => SecretConnection, {
    name: 'secrets',
    description: 'The secrets of a swarm, newest first.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: SecretsArgs,
  ) {
    return (await this.secrets.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => SecretDetails, { name: 'secret', description: 'A secret. Its data is never shown.' })
  get(
    @CurrentActor() actor: Actor,
    @Args() path: SecretPath,
    @Args() query: FreshQuery,
  ): Promise<SecretDetails> {
    return this.secrets.get(actor, path, query);
  }

  @Mutation(() => SecretDetails, { name: 'createSecret', description: 'Creates a secret.' })
  create(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: CreateSecretInput,
    @Args() query: DryRunQuery,
  ): Promise<SecretDetails> {
    return this.secrets.create(actor, engine, input, query);
  }

  @Mutation(() => SecretDetails, { name: 'updateSecret', description: 'Changes the labels of a secret.' })
  update(
    @CurrentActor() actor: Actor,
    @Args() path: SecretPath,
    @Args('input') input: UpdateSecretInput,
  ): Promise<SecretDetails> {
    return this.secrets.update(actor, path, input);
  }

  @Mutation(() => Boolean, { name: 'removeSecret', description: 'Removes a secret. Answers true.' })
  async remove(@CurrentActor() actor: Actor, @Args() path: SecretPath): Promise<boolean> {
    await this.secrets.remove(actor, path);
    return true;
  }

  @Subscription(() => SecretChange, {
    description:
      'What changes among the secrets of a swarm: first `reset`, each secret as `added` and `synced`, then each change.',
    resolve: (change: SecretChange) => change,
  })
  secretChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: SecretChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
