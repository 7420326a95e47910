import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { type Page, type PageRequest, paginate } from '../common/pagination.js';
import { doorwaySortKey } from '../doorways/doorway.model.js';
import { DoorwayManagement } from '../doorways/doorway-management.service.js';
import { toStoredName } from './certificate-names.js';
import type {
  CreateClientCertificateInput,
  UpdateClientCertificateInput,
} from './client-certificate.inputs.js';
import { type ClientCertificate, toClientCertificate } from './client-certificate.model.js';
import { CertificateVisitors } from './certificate-visitors.js';
import { TlsListener } from './tls-listener.js';

/** What client certificates stand for, for who may manage that. A change is in force in this process when it is answered. */
@Injectable()
export class ClientCertificatesService {
  constructor(
    private readonly management: DoorwayManagement,
    private readonly visitors: CertificateVisitors,
    private readonly listener: TlsListener,
  ) {}

  /**
   * By name.
   * @throws DomainError `forbidden` without `clientCertificates:list`; `invalid_input` for a cursor that is none
   */
  async list(actor: Actor, page: PageRequest): Promise<Page<ClientCertificate>> {
    const all = await this.management.all(actor, 'clientCertificate');
    return paginate(all.map(toClientCertificate), doorwaySortKey, page);
  }

  /** @throws DomainError `forbidden` without `clientCertificates:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<ClientCertificate> {
    return toClientCertificate(await this.management.get(actor, 'clientCertificate', id));
  }

  /** @throws DomainError as `DoorwayManagement.create` */
  async create(
    actor: Actor,
    input: CreateClientCertificateInput,
    options: DryRunQuery,
  ): Promise<ClientCertificate> {
    const made = await this.management.create(actor, 'clientCertificate', input, options, () => ({
      file: null,
      certificate: toStoredName(input.knownBy, input.value),
    }));
    this.visitors.forget();
    return toClientCertificate(made);
  }

  /** @throws DomainError as `DoorwayManagement.update` */
  async update(actor: Actor, id: string, input: UpdateClientCertificateInput): Promise<ClientCertificate> {
    const changed = await this.management.update(actor, 'clientCertificate', id, input);
    await this.listener.refresh();
    return toClientCertificate(changed);
  }

  /**
   * What goes on by it ends.
   * @throws DomainError `forbidden` without `clientCertificates:delete`; `not_found`
   */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.management.delete(actor, 'clientCertificate', id);
    await this.listener.refresh();
  }
}
