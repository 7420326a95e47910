import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { DomainError, notFound } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { ContainerReferences, mayUseAllVolumes } from './container-references.js';
import { EngineFacts } from './engine-facts.js';
import { repositoryOf } from './image-names.js';
import { ObjectFinder } from './object-finder.js';
import { type ContainerSpec, referencesOf } from './policy/container-spec.js';
import type { ServiceBody } from './policy/service-body.js';
import { SwarmEngines } from './swarm-engines.js';

/** What every engine has under these names; the swarm knows them by the names, too. */
const PREDEFINED_NETWORKS: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);

/** Using a secret or config is reading its data. */
const TO_USE = {
  secret: { use: 'secrets:use', list: 'secrets:list', get: 'secrets:get' },
  config: { use: 'configs:readData', list: 'configs:list', get: 'configs:get' },
} as const satisfies Record<string, Record<string, Permission>>;

type Kind = keyof typeof TO_USE;

interface Reference {
  readonly id: string;
  readonly name: string;
}

/** Other objects that a service uses: the actor must be allowed to use each of them. */
@Injectable()
export class ServiceReferences {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly containers: ContainerReferences,
    private readonly facts: EngineFacts,
    private readonly finder: ObjectFinder,
    private readonly swarm: SwarmEngines,
  ) {}

  /**
   * @param container what the tasks will run, in normal form
   * @param current the spec as it is, of an update: what runs there unchanged may keep what it uses
   * @returns the spec with secrets, configs and networks by their full ids, so that a rename meanwhile changes nothing
   * @throws DomainError `not_found` for what does not exist for the actor, `forbidden` for what it may see but not use
   */
  async pin(
    admission: Admission,
    spec: ServiceBody,
    container: ContainerSpec,
    current?: ServiceBody,
  ): Promise<ServiceBody> {
    const { TaskTemplate: task, Networks: legacy } = spec;
    const own = task?.ContainerSpec;
    const kept = current && isDeepStrictEqual(own, current.TaskTemplate?.ContainerSpec) ? current : undefined;
    const networksThere = new Set(
      [...(kept?.TaskTemplate?.Networks ?? []), ...(kept?.Networks ?? [])].map(({ Target }) => Target),
    );
    const network = async <T extends { Target?: string | null }>(attached: T): Promise<T> =>
      networksThere.has(attached.Target)
        ? attached
        : { ...attached, Target: await this.network(admission, attached.Target ?? '') };
    const Networks = task?.Networks && (await each(task.Networks, network));
    const outer = legacy && (await each(legacy, network));
    await this.requireContainers(admission, container, { kept: kept !== undefined });
    await this.requireVolumesBefore(admission, spec, current);
    const pinned = kept ? own : own && (await this.withFiles(admission, own));
    return {
      ...spec,
      ...(outer ? { Networks: outer } : {}),
      ...(task
        ? {
            TaskTemplate: {
              ...task,
              ...(pinned ? { ContainerSpec: pinned } : {}),
              ...(Networks ? { Networks } : {}),
            },
          }
        : {}),
    };
  }

  private async withFiles(
    admission: Admission,
    container: NonNullable<NonNullable<ServiceBody['TaskTemplate']>['ContainerSpec']>,
  ) {
    const { Secrets, Configs } = container;
    const secrets =
      Secrets &&
      (await each(Secrets, async (secret) => {
        const { id, name } = await this.usable(admission, 'secret', secret.SecretID, secret.SecretName);
        return { ...secret, SecretID: id, SecretName: name, ...named(secret.File, name) };
      }));
    const configs =
      Configs &&
      (await each(Configs, async (config) => {
        const { id, name } = await this.usable(admission, 'config', config.ConfigID, config.ConfigName);
        return { ...config, ConfigID: id, ConfigName: name, ...named(config.File, name) };
      }));
    return {
      ...container,
      ...(secrets ? { Secrets: secrets } : {}),
      ...(configs ? { Configs: configs } : {}),
    };
  }

  private async usable(
    admission: Admission,
    kind: Kind,
    id: string | null | undefined,
    name: string | null | undefined,
  ): Promise<Reference> {
    const { actor, engine, connection, rights, request } = admission;
    const reference = id || (name ?? '');
    if (reference === '') throw notFound(kind, reference); // the start of every id
    const permissions = TO_USE[kind];
    const found = await this.finder.find(connection, kind, reference, {
      seesAll: rights.mayAlways(permissions.list),
      signal: request.signal,
    });
    if (!found) throw notFound(kind, reference);
    const object = this.authoriser.existing(actor, engine, kind, found.id, found.labels);
    if (!(await rights.may(permissions.use, object))) {
      if (!(await rights.may(permissions.get, object))) throw notFound(kind, reference);
      throw new DomainError(
        'forbidden',
        `You need the permission ${permissions.use} on the ${kind} ${reference}`,
      );
    }
    if (name && name !== found.name) {
      const message = `is not the name of the ${kind} ${found.id}`;
      throw new DomainError('invalid_input', `${JSON.stringify(name.slice(0, 64))} ${message}`, {
        errors: [{ field: `${kind}s`, message }],
      });
    }
    return { id: found.id, name: found.name };
  }

  /** A network that somebody made connects what is on it. @returns its full id, or the name of one that every engine has */
  private async network(admission: Admission, reference: string): Promise<string> {
    const { actor, engine, rights } = admission;
    if (PREDEFINED_NETWORKS.has(reference)) return reference;
    const network = reference === '' ? undefined : await this.facts.network(admission, reference);
    if (!network) throw notFound('network', reference);
    if (PREDEFINED_NETWORKS.has(network.name)) return network.name;
    const object = this.authoriser.existing(actor, engine, 'network', network.id, network.labels);
    if (await rights.may('networks:connect', object)) return network.id;
    if (!(await rights.may('networks:get', object))) throw notFound('network', reference);
    throw new DomainError('forbidden', `You need the permission networks:connect on network ${reference}`);
  }

  /**
   * Names of volumes and images may mean other things by now than when the service was made: they are looked at again even
   * where its containers stay as they are.
   */
  private async requireContainers(
    admission: Admission,
    container: ContainerSpec,
    { kept }: { kept: boolean },
  ): Promise<void> {
    const { volumes, images } = referencesOf(container);
    await this.requireVolumes(admission, volumes);
    for (const image of images) {
      await this.containers.requireImage(admission, image, { there: !kept });
      if (!kept) await this.requirePullable(admission, image);
    }
    await this.facts.refuseReservedLabelsOfImage(admission, container.image);
  }

  /**
   * On every node where a task may come to run there may be another volume of the same name. A task that comes to run later
   * makes what is not there, and takes what somebody else has made meanwhile: so whoever may not use all volumes names
   * only those that are there.
   */
  private async requireVolumes(admission: Admission, names: readonly string[]): Promise<void> {
    for (const place of await this.placesOf(admission, names)) {
      for (const name of names) {
        const there = await this.containers.requireVolume(place, name);
        if (there || mayUseAllVolumes(place.rights)) continue;
        throw new DomainError(
          'forbidden',
          `There is no volume ${name} on the engine ${place.engine}: create it first, or have the permissions volumes:browse and volumes:restore on all`,
        );
      }
    }
  }

  /** An update that fails may go back by itself: then the volumes from before are mounted again. */
  private async requireVolumesBefore(
    admission: Admission,
    spec: ServiceBody,
    current: ServiceBody | undefined,
  ): Promise<void> {
    if (spec.UpdateConfig?.FailureAction !== 'rollback') return;
    const mounts = current?.TaskTemplate?.ContainerSpec?.Mounts ?? [];
    const names = mounts.flatMap(({ Type, Source }) => (Type === 'volume' && Source ? [Source] : []));
    await this.requireVolumes(admission, names);
  }

  /** The call as it would be on each engine where a task may come to run. Empty where no volume is named. */
  private async placesOf(admission: Admission, names: readonly string[]): Promise<readonly Admission[]> {
    if (names.length === 0) return [];
    const { others, unknown } = await this.swarm.reachOf(admission.engine);
    if (unknown > 0 && !mayUseAllVolumes(admission.rights)) {
      throw new DomainError(
        'forbidden',
        `The swarm has ${unknown} nodes whose volumes Dockmaster does not know: for a named volume you need the permissions volumes:browse and volumes:restore on all`,
      );
    }
    const places = [admission];
    for (const connection of others) {
      const rights = await this.authoriser.rights(admission.actor, connection.name);
      places.push({ ...admission, engine: connection.name, connection, rights });
    }
    return places;
  }

  /** What the engine does not have is pulled by the nodes, in the name of the actor. */
  private async requirePullable(admission: Admission, image: string): Promise<void> {
    const { rights } = admission;
    if (await this.facts.image(admission, image)) return;
    const repository = repositoryOf(image);
    if (await rights.may('images:pull', this.authoriser.created({}, [repository]))) return;
    throw new DomainError('forbidden', `You need the permission images:pull for ${repository}`);
  }
}

/** The file of a secret or config is called as it is, unless the spec says otherwise. */
function named<File extends { Name?: string | null }>(file: File | null | undefined, name: string) {
  return file ? { File: { ...file, Name: file.Name || name } } : {};
}

async function each<T>(items: readonly T[], change: (item: T) => Promise<T>): Promise<T[]> {
  const changed: T[] = [];
  for (const item of items) changed.push(await change(item));
  return changed;
}
