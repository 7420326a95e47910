import { Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { PermissionDescription, Role } from './role.model.js';
import { RolesService } from './roles.service.js';

@Resolver()
export class RolesResolver {
  constructor(private readonly access: RolesService) {}

  @Query(() => [Role], { description: 'The roles that there are.' })
  roles(@CurrentActor() actor: Actor): Promise<readonly Role[]> {
    return this.access.roles(actor);
  }

  @Query(() => [PermissionDescription], { description: 'All permissions that there are.' })
  permissions(@CurrentActor() actor: Actor): Promise<readonly PermissionDescription[]> {
    return this.access.permissions(actor);
  }
}
