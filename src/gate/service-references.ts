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

/** A volume on one engine. */
interface OneVolume {
  readonly engine: string;
  readonly name: string;
}

const broughtAlong = new WeakMap<object, readonly OneVolume[]>();

/**
 * The volumes by which a service whose spec was judged may use no others than the actor's own and new ones: those are its own
 * then. Empty where it may use all.
 */
export function volumesOf(spec: unknown): readonly OneVolume[] {
  return broughtAlong.get(spec as object) ?? [];
}

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
    const volumes = kept ? [] : await this.requireContainers(admission, container);
    const pinned = kept ? own : own && (await this.withFiles(admission, own));
    const judged = {
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
    broughtAlong.set(judged, volumes);
    return judged;
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
        return { ...secret, SecretID: id, SecretName: name };
      }));
    const configs =
      Configs &&
      (await each(Configs, async (config) => {
        const { id, name } = await this.usable(admission, 'config', config.ConfigID, config.ConfigName);
        return { ...config, ConfigID: id, ConfigName: name };
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

  private async requireContainers(
    admission: Admission,
    container: ContainerSpec,
  ): Promise<readonly OneVolume[]> {
    const { volumes, images } = referencesOf(container);
    const brought = await this.requireVolumes(admission, volumes);
    for (const image of images) {
      await this.containers.requireImage(admission, image);
      await this.requirePullable(admission, image);
    }
    await this.facts.refuseReservedLabelsOfImage(admission, container.image);
    return brought;
  }

  /** On every node where a task may come to run there may be another volume of the same name. */
  private async requireVolumes(
    admission: Admission,
    names: readonly string[],
  ): Promise<readonly OneVolume[]> {
    if (names.length === 0 || mayUseAllVolumes(admission.rights)) return [];
    const { others, unknown } = await this.swarm.reachOf(admission.engine);
    if (unknown > 0) {
      throw new DomainError(
        'forbidden',
        `The swarm has ${unknown} nodes whose volumes Dockmaster does not know: for a named volume you need the permissions volumes:browse and volumes:restore on all`,
      );
    }
    for (const name of names) {
      await this.containers.requireVolume(admission, name);
      for (const connection of others) {
        const rights = await this.authoriser.rights(admission.actor, connection.name);
        await this.containers.requireVolume(
          { ...admission, engine: connection.name, connection, rights },
          name,
        );
      }
    }
    const engines = [admission.engine, ...others.map((connection) => connection.name)];
    return engines.flatMap((engine) => names.map((name) => ({ engine, name })));
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

async function each<T>(items: readonly T[], change: (item: T) => Promise<T>): Promise<T[]> {
  const changed: T[] = [];
  for (const item of items) changed.push(await change(item));
  return changed;
}
