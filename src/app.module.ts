import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import { AccessApiModule } from './access/access-api.module.js';
import { AuditApiModule } from './audit/audit-api.module.js';
import { ClientCertificatesModule } from './client-certificates/client-certificates.module.js';
import { LoggingModule } from './common/logging.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { ConfigsModule } from './configs/configs.module.js';
import { ContainersModule } from './containers/containers.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EngineDoorModule } from './engine-door/engine-door.module.js';
import { EnginesModule } from './engines/engines.module.js';
import { GraphqlModule } from './graphql/graphql.module.js';
import { HealthModule } from './health/health.module.js';
import { AuthenticationGuard } from './identity/authentication.guard.js';
import { HooksModule } from './hooks/hooks.module.js';
import { HttpModule } from './http/http.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import { UndeclaredBodyGuard } from './http/undeclared-body.guard.js';
import { createValidationPipe } from './http/validation.pipe.js';
import { IdentityApiModule } from './identity/identity-api.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { ImagesModule } from './images/images.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { NetworksModule } from './networks/networks.module.js';
import { NodesModule } from './nodes/nodes.module.js';
import { RegistriesModule } from './registries/registries.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { SwarmModule } from './swarm/swarm.module.js';
import { ScopedSocketsModule } from './scoped-sockets/scoped-sockets.module.js';
import { VolumesModule } from './volumes/volumes.module.js';
import { ServicesModule } from './services/services.module.js';
import { SystemModule } from './system/system.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The whole house on one page. */
@Module({})
export class AppModule {
  static with(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        // foundations
        ConfigModule.with(settings),
        LoggingModule.with(logger),
        DatabaseModule,
        HttpModule,
        GraphqlModule,
        // who asks, what they may do, what they did
        IdentityModule,
        IdentityApiModule,
        AccessApiModule,
        AuditApiModule,
        // what they ask about
        EnginesModule,
        SystemModule,
        ContainersModule,
        NetworksModule,
        ImagesModule,
        VolumesModule,
        SwarmModule,
        NodesModule,
        SecretsModule,
        ConfigsModule,
        ServicesModule,
        TasksModule,
        JobsModule,
        RegistriesModule,
        // the Engine API itself, and the ways to it without a token
        EngineDoorModule,
        ScopedSocketsModule,
        ClientCertificatesModule,
        // what is done by itself
        HooksModule,
        SchedulesModule,
        // what they are told
        WebhooksModule,
        // how we are
        HealthModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: UndeclaredBodyGuard },
        { provide: APP_PIPE, useFactory: createValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
