import { Injectable } from '@nestjs/common';
import { type Claim, OwnershipService } from '../access/ownership.service.js';
import { DomainError, type ErrorKind } from '../common/errors.js';
import { orEmpty } from '../state/listed.js';
import type { VolumeDocument } from '../state/watched-volumes.js';
import type { Admission } from './admission.js';
import { ContainerReferences, mayUseAllVolumes } from './container-references.js';
import { ObjectFinder } from './object-finder.js';
import { referencesOf } from './policy/container-spec.js';
import { normaliseCreate } from './policy/normalise-container.js';

/** After these nobody knows whether the engine did it, or still will. */
const UNCERTAIN: readonly ErrorKind[] = ['engine_timeout', 'engine_unavailable', 'cancelled'];

/**
 * Volumes are called by names alone, and an engine that is asked to make one gives the one that there is. Between a decision
 * and the call a name may come to mean another volume: so the names of new ones are claimed before the call, and what a new
 * container mounts is decided on once more when it holds it.
 */
@Injectable()
export class NamedVolumes {
  constructor(
    private readonly ownership: OwnershipService,
    private readonly finder: ObjectFinder,
    private readonly references: ContainerReferences,
  ) {}

  /**
   * Carries out a call that may make volumes.
   *
   * @throws DomainError `conflict` where somebody else makes one of the name meanwhile; then the engine has heard of nothing
   */
  async making<T>(admission: Admission, call: () => Promise<T>): Promise<T> {
    const claims = claimsOf(admission);
    try {
      for (const claim of claims) await this.ownership.claim(claim);
      const answer = await call();
      for (const claim of claims) await this.ownership.made(claim);
      return answer;
    } catch (error) {
      const isOver = !(error instanceof DomainError && UNCERTAIN.includes(error.kind));
      if (isOver) for (const claim of claims) await this.settle(admission, claim);
      throw error; // what is uncertain stays claimed for a while
    }
  }

  /**
   * From when a container is made on, the volumes that it mounts can't be removed: are they the ones that were decided on?
   *
   * @throws DomainError `conflict` where one is not, once the container is removed again
   */
  async requireHeld({ connection, ...admission }: Admission, containerId: string): Promise<void> {
    if (mayUseAllVolumes(admission.rights)) return;
    const { volumes } = referencesOf(normaliseCreate(admission.request.body));
    try {
      for (const name of volumes) {
        const { body } = await connection.json<VolumeDocument>('VolumeInspect', { params: { name } });
        if (await this.references.mayMount({ ...admission, connection }, name, orEmpty(body.Labels)))
          continue;
        throw new DomainError(
          'conflict',
          `The volume ${name} was removed, and made anew by others, meanwhile`,
        );
      }
    } catch (error) {
      await connection.json('ContainerDelete', { params: { id: containerId }, query: { force: true } });
      throw error;
    }
  }

  /** A call that failed may have made some all the same. */
  private async settle({ connection }: Admission, claim: Claim): Promise<void> {
    const there = await this.finder.find(connection, 'volume', claim.objectId, { seesAll: true });
    await (there ? this.ownership.made(claim) : this.ownership.notMade(claim));
  }
}

function claimsOf({ actor, engine, newVolumes = [] }: Admission): readonly Claim[] {
  if (actor.kind === 'system') return [];
  const { kind: ownerKind, id: ownerId } = actor;
  return newVolumes.map((objectId) => ({ engine, kind: 'volume', objectId, ownerKind, ownerId }));
}
