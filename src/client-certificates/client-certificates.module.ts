import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { DoorwaysModule } from '../doorways/doorways.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { CertificateVisitors } from './certificate-visitors.js';
import { ClientCertificatesController } from './client-certificates.controller.js';
import { ClientCertificatesResolver } from './client-certificates.resolver.js';
import { ClientCertificatesService } from './client-certificates.service.js';
import { TlsListener } from './tls-listener.js';

/** The Engine API by TLS, for who shows a client certificate that stands for somebody. */
@Module({
  imports: [AuditModule, DoorwaysModule, IdentityModule],
  controllers: [ClientCertificatesController],
  providers: [CertificateVisitors, ClientCertificatesResolver, ClientCertificatesService, TlsListener],
})
export class ClientCertificatesModule {}
