import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { type NameClaim, NameClaimsService } from '../access/name-claims.service.js';
import { OwnershipService } from '../access/ownership.service.js';
import { DomainError } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { orEmpty } from '../state/listed.js';
import type { VolumeDocument } from '../state/watched-volumes.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { ContainerReferences, mayUseAllVolumes } from './container-references.js';
import { referencesOf } from './policy/container-spec.js';
import { normaliseCreate } from './policy/normalise-container.js';
import { ServiceVolumes } from './service-volumes.js';

/** Well within the time after which a claim is over. */
const RENEWED_EVERY_MS = 30_000;
const PATIENCE_MS = 5_000;
const TRIED_EVERY_MS = 50;

/**
 * Volumes are called by names alone, and an engine that is asked to make one gives the one that there is. Between a decision
 * and the call a name may come to mean another volume: so the names of new ones are claimed for as long as the call lasts, and
 * what a new container mounts is decided on once more when it holds it.
 */
@Injectable()
export class NamedVolumes {
  constructor(
    private readonly claims: NameClaimsService,
    private readonly ownership: OwnershipService,
    private readonly authoriser: Authoriser,
    private readonly references: ContainerReferences,
    private readonly serviceVolumes: ServiceVolumes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Carries out a call that may make volumes, which are the actor's then.
   *
   * @throws DomainError `conflict` where somebody else makes one of the name meanwhile; then the engine has heard of nothing
   */
  async making<T>(admission: Admission, call: () => Promise<T>): Promise<T> {
    const wanted = claimsOf(admission);
    if (wanted.length === 0) return call();
    const held: NameClaim[] = [];
    const renewal = setInterval(() => this.renew(held), RENEWED_EVERY_MS).unref();
    try {
      const mayShare = mayUseAllVolumes(admission.rights);
      for (const claim of wanted) {
        await this.claim(claim, mayShare ? PATIENCE_MS : 0);
        held.push(claim);
        // Somebody may have made it, and be done with that, since it was decided that there is none.
        if (
          !mayShare &&
          (await this.authoriser.ownedByAnother(admission.actor, claim.engine, 'volume', claim.name))
        )
          throw new DomainError('conflict', `The name ${claim.name} is taken by another volume`);
      }
      const answer = await call();
      for (const { name, ...owned } of held) await this.ownership.record({ ...owned, objectId: name, name });
      return answer;
    } finally {
      clearInterval(renewal);
      for (const claim of held) await this.claims.release(claim);
    }
  }

  /**
   * From when a container is made on, the volumes that it mounts can't be removed: are they the ones that were decided on?
   *
   * @throws DomainError `conflict` where one is not, once the container is removed again
   */
  async requireHeld(admission: Admission, containerId: string): Promise<void> {
    if (mayUseAllVolumes(admission.rights)) return;
    const { connection } = admission;
    const { volumes } = referencesOf(normaliseCreate(admission.request.body));
    try {
      await Promise.all(volumes.map((name) => this.requireOwn(admission, name)));
    } catch (error) {
      try {
        await connection.json('ContainerDelete', {
          params: { id: containerId },
          query: { force: true, v: true },
        });
      } catch (left) {
        this.logger.error({ err: left, containerId }, 'a container that mounts a volume of others is left');
      }
      throw error;
    }
  }

  private async requireOwn(admission: Admission, name: string): Promise<void> {
    if (admission.newVolumes?.includes(name) === true) {
      await this.serviceVolumes.requireFree(admission, name);
      return;
    }
    const { body } = await admission.connection.json<VolumeDocument>('VolumeInspect', { params: { name } });
    if (await this.references.mayMount(admission, name, orEmpty(body.Labels))) return;
    throw new DomainError('conflict', `The volume ${name} was removed, and made anew by others, meanwhile`);
  }

  /** Who may use all volumes takes the one that somebody else is making, once that is there. */
  private async claim(claim: NameClaim, patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        await this.claims.claim(claim);
        return;
      } catch (error) {
        const isTaken = error instanceof DomainError && error.kind === 'conflict';
        if (!isTaken || Date.now() >= deadline) throw error;
      }
      await pause(TRIED_EVERY_MS);
    }
  }

  private renew(held: readonly NameClaim[]): void {
    Promise.all(held.map((claim) => this.claims.renew(claim))).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'could not renew the claim to the name of a volume');
    });
  }
}

function claimsOf({ actor, engine, newVolumes = [] }: Admission): readonly NameClaim[] {
  if (actor.kind === 'system') return [];
  const { kind: ownerKind, id: ownerId } = actor;
  return newVolumes.map((name) => ({ engine, kind: 'volume', name, ownerKind, ownerId }));
}
