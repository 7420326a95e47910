import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { DomainError, messageOf } from '../common/errors.js';
import { type Page, type PageRequest, paginate } from '../common/pagination.js';
import { doorwaySortKey } from '../doorways/doorway.model.js';
import type { SocketFile } from '../doorways/doorway.js';
import { DoorwayManagement } from '../doorways/doorway-management.service.js';
import { fileGroupId, fileOwnerId } from './file-owners.js';
import {
  type CreateScopedSocketInput,
  toSocketFile,
  type UpdateScopedSocketInput,
} from './scoped-socket.inputs.js';
import { type ScopedSocket, toScopedSocket } from './scoped-socket.model.js';
import { ScopedSocketDirectory } from './scoped-socket-directory.js';

/** Scoped sockets, for who may manage them. A change is in force on this machine when it is answered. */
@Injectable()
export class ScopedSocketsService {
  constructor(
    private readonly management: DoorwayManagement,
    private readonly directory: ScopedSocketDirectory,
  ) {}

  /**
   * By name.
   * @throws DomainError `forbidden` without `scopedSockets:list`; `invalid_input` for a cursor that is none
   */
  async list(actor: Actor, page: PageRequest): Promise<Page<ScopedSocket>> {
    const all = await this.management.all(actor, 'scopedSocket');
    return paginate(
      all.map((one) => toScopedSocket(one, this.directory.status(one.stored))),
      doorwaySortKey,
      page,
    );
  }

  /** @throws DomainError `forbidden` without `scopedSockets:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<ScopedSocket> {
    const one = await this.management.get(actor, 'scopedSocket', id);
    return toScopedSocket(one, this.directory.status(one.stored));
  }

  /** @throws DomainError as `DoorwayManagement.create` */
  async create(actor: Actor, input: CreateScopedSocketInput, { dryRun }: DryRunQuery): Promise<ScopedSocket> {
    const made = await this.management.create(actor, 'scopedSocket', input, { dryRun }, async () => {
      const problem = this.directory.tooLong(input.name);
      if (problem !== undefined) throw invalid('name', problem);
      return { file: await checked(toSocketFile(input)), certificate: null };
    });
    if (dryRun !== true) await this.directory.refresh();
    return toScopedSocket(made, this.directory.status(made.stored));
  }

  /** @throws DomainError as `DoorwayManagement.update` */
  async update(actor: Actor, id: string, input: UpdateScopedSocketInput): Promise<ScopedSocket> {
    const changed = await this.management.update(actor, 'scopedSocket', id, input, ({ file }) =>
      checked(toSocketFile(input, file ?? undefined)),
    );
    await this.directory.refresh();
    return toScopedSocket(changed, this.directory.status(changed.stored));
  }

  /**
   * Its file goes, and what goes on through it ends.
   * @throws DomainError `forbidden` without `scopedSockets:delete`; `not_found`
   */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.management.delete(actor, 'scopedSocket', id);
    await this.directory.refresh();
  }
}

/** @throws DomainError `invalid_input` for a user or group that this machine does not know */
async function checked(file: SocketFile): Promise<SocketFile> {
  const look = async (field: 'owner' | 'group', find: typeof fileOwnerId) => {
    try {
      await find(file[field]);
    } catch (error) {
      throw invalid(field, `must be one that there is: ${messageOf(error)}`);
    }
  };
  await look('owner', fileOwnerId);
  await look('group', fileGroupId);
  return file;
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
