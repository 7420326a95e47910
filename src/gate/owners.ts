import { Injectable } from '@nestjs/common';
import { OwnershipService } from '../access/ownership.service.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import { State } from '../state/state.js';
import type { Admission } from './admission.js';
import { madeIds } from './audit-subject.js';
import { nameInBody } from './created-object.js';
import { makerOf } from './made-images.js';

/** Keeps the record of who owns what in step with what the gate let through. */
@Injectable()
export class Owners {
  constructor(
    private readonly ownership: OwnershipService,
    private readonly state: State,
  ) {}

  /**
   * Called after the engine carried the operation out.
   *
   * @param startedAt when it was asked to, in milliseconds since the epoch: what has been made since is not what is gone
   */
  async follow(admission: Admission, answer: unknown, startedAt: number): Promise<void> {
    const { engine, operation, target, request } = admission;
    const { targetId = '', otherId = '' } = madeIds(operation.id, answer);
    switch (operation.id) {
      case 'ContainerCreate':
        await this.recordContainer(admission, targetId);
        break;
      case 'ImageCommit':
        await this.record(admission, 'image', otherId, '');
        break;
      case 'VolumeCreate':
        // What is asked for by a name was claimed before: named-volumes.ts.
        if (nameInBody(request) === '') await this.record(admission, 'volume', targetId, '');
        break;
      case 'NetworkCreate':
      case 'ServiceCreate':
      case 'SecretCreate':
      case 'ConfigCreate':
        await this.record(admission, operation.target, targetId, nameInBody(request));
        break;
      case 'ContainerDelete':
      case 'NetworkDelete':
      case 'VolumeDelete':
      case 'ServiceDelete':
      case 'SecretDelete':
      case 'ConfigDelete':
        if (target) await this.ownership.forget(engine, target.kind, target.id, { before: startedAt });
        break;
      case 'ContainerPrune':
        await this.forgetAll(engine, 'container', answer, { key: 'ContainersDeleted', before: startedAt });
        break;
      case 'VolumePrune':
        // A name is free again: whoever takes it must not find it owned.
        await this.forgetAll(engine, 'volume', answer, { key: 'VolumesDeleted', before: startedAt });
        break;
      case 'ContainerRename':
        if (target) await this.ownership.rename(engine, 'container', target.id, nameIn(request));
        break;
      default:
    }
  }

  /** The images that there are, before a call that may make some. Undefined for calls that make none. */
  async before({ engine, operation, request }: Admission): Promise<ReadonlySet<string> | undefined> {
    if (makerOf(operation.id, request) === undefined) return undefined;
    const { records } = await this.state.of(engine, 'image').snapshot();
    return new Set(records.map(({ id }) => id));
  }

  /**
   * Called after a build, load or import has ended: what it made, and was not there before, is the actor's. What else is new
   * came from others meanwhile.
   *
   * @param made ids and names, as the engine told them
   */
  async followImages(
    admission: Admission,
    before: ReadonlySet<string> | undefined,
    made: readonly string[],
  ): Promise<void> {
    if (!before || made.length === 0) return;
    const images = this.state.of(admission.engine, 'image');
    await images.compare();
    for (const reference of made) {
      const image = await images.find(reference);
      // A build of nothing but a base is the base itself, which was fetched: it has been in a registry, and is made of no other.
      const isBase =
        admission.operation.id === 'ImageBuild' &&
        image?.kept.Parent === '' &&
        image.kept.RepoDigests.length > 0;
      if (image && !isBase && !before.has(image.id))
        await this.record(admission, 'image', image.id, image.name);
    }
  }

  /** What takes a container's place belongs to whom that one belongs, or to nobody. */
  private async recordContainer(admission: Admission, id: string): Promise<void> {
    const { engine, request, replaces } = admission;
    const name = nameIn(request);
    if (!replaces) return this.record(admission, 'container', id, name);
    const owner = await this.ownership.find(engine, 'container', replaces.id);
    if (!owner) return;
    const { kind, ownerKind, ownerId } = owner;
    await this.ownership.record({ engine, kind, objectId: id, name, ownerKind, ownerId });
  }

  private async forgetAll(
    engine: string,
    kind: string,
    answer: unknown,
    { key, before }: { readonly key: string; readonly before: number },
  ): Promise<void> {
    const gone = (answer as Record<string, readonly string[] | null | undefined>)[key] ?? [];
    for (const id of gone) await this.ownership.forget(engine, kind, id, { before });
  }

  private async record(
    { actor, engine }: Admission,
    kind: string,
    objectId: string,
    name: string,
  ): Promise<void> {
    if (actor.kind === 'system') return;
    await this.ownership.record({ engine, kind, objectId, name, ownerKind: actor.kind, ownerId: actor.id });
  }
}

function nameIn({ query }: EngineRequest): string {
  return typeof query?.['name'] === 'string' ? query['name'] : '';
}
