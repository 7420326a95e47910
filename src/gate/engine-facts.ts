import { Injectable } from '@nestjs/common';
import { OwnershipService } from '../access/ownership.service.js';
import { DomainError } from '../common/errors.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { isReserved, RESERVED_LABELS } from './created-object.js';
import { ObjectFinder } from './object-finder.js';
import type { PolicyLookups } from './policy/policy-lookups.js';

/** What the policy has to know of the engine's other objects, hidden ones too. */
@Injectable()
export class EngineFacts {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly finder: ObjectFinder,
    private readonly ownership: OwnershipService,
  ) {}

  async lookups(admission: Admission): Promise<PolicyLookups> {
    const { connection, request } = admission;
    const signal = request.signal ? { signal: request.signal } : {};
    const { body: info } = await connection.json<{
      DefaultRuntime?: string;
      SecurityOptions?: string[] | null;
    }>('SystemInfo', signal);
    return {
      container: async (reference) => (await this.usableContainer(admission, reference))?.document(),
      volume: (name) => this.volume(admission, name),
      network: async (reference) => {
        const found = await this.network(admission, reference);
        const { Driver = '' } = ((await found?.document()) ?? {}) as { Driver?: string };
        return found && { driver: Driver };
      },
      allowedRuntimes: info.DefaultRuntime ? [info.DefaultRuntime] : [],
      defaultCgroupNamespace: (info.SecurityOptions ?? []).some((option) => option.includes('cgroupns'))
        ? 'private'
        : 'host',
    };
  }

  /** The container if the actor may use it as its own, which is what being able to enter it means. */
  async usableContainer({ actor, engine, connection, rights, request }: Admission, reference: string) {
    const facts = await this.finder.container(connection, reference, {
      seesAll: rights.mayAlways('containers:list'),
      signal: request.signal,
    });
    if (!facts) return undefined;
    const object = this.authoriser.existing(actor, engine, 'container', facts.id, facts.labels);
    return (await rights.may('containers:exec', object)) ? facts : undefined;
  }

  /** The image, whether the actor may see it or not; undefined where there is none. */
  image(
    { connection, request: { signal } }: Admission,
    name: string,
    { seesAll = true }: { seesAll?: boolean } = {},
  ) {
    return this.finder.find(connection, 'image', name, { seesAll, signal });
  }

  /**
   * A container takes its image's labels over: those that only Dockmaster writes must not come that way either.
   *
   * @throws DomainError `invalid_input`
   */
  async refuseReservedLabelsOfImage(admission: Admission, image: string): Promise<void> {
    if (image === '') return;
    const seesAll = admission.rights.mayAlways('images:get');
    const found = await this.image(admission, image, { seesAll });
    if (!found || !Object.keys(found.labels).some(isReserved)) return;
    throw new DomainError(
      'invalid_input',
      `The image has labels under ${RESERVED_LABELS}, which are Dockmaster's own`,
      {
        errors: [{ field: 'image', message: 'must have no reserved label' }],
      },
    );
  }

  /** The network, whether the actor may see it or not; undefined where there is none, as far as memory knows for who sees a part. */
  network({ connection, rights, request: { signal } }: Admission, reference: string) {
    const seesAll = rights.mayAlways('networks:list');
    return this.finder.find(connection, 'network', reference, { seesAll, signal });
  }

  /**
   * What there is of this name, whether the actor may see it or not. Where there is nothing, the name is free: an ownership
   * that is left of an earlier volume ends.
   */
  volumeNamed({ connection, request: { signal } }: Admission, name: string) {
    return this.ownership.lookAt({ engine: connection.name, kind: 'volume', id: name }, () =>
      this.finder.find(connection, 'volume', name, { seesAll: true, signal }),
    );
  }

  /** The volume, whether the actor may see it or not; undefined where there is none. */
  async volume(admission: Admission, name: string) {
    const found = await this.volumeNamed(admission, name);
    const { Driver = '', Options } = ((await found?.document()) ?? {}) as {
      Driver?: string;
      Options?: Record<string, string> | null;
    };
    return found && { labels: found.labels, driver: Driver, options: Options ?? {} };
  }
}
