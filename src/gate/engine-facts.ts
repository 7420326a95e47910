import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { ContainerFinder } from './container-finder.js';
import type { PolicyLookups } from './policy/policy-lookups.js';

/** What the policy has to know of the engine's other objects, hidden ones too. */
@Injectable()
export class EngineFacts {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly containers: ContainerFinder,
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
      network: async (id) => {
        const found = await orNone(
          connection.json<{ Driver: string }>('NetworkInspect', { params: { id }, ...signal }),
        );
        return found && { driver: found.body.Driver };
      },
      allowedRuntimes: info.DefaultRuntime ? [info.DefaultRuntime] : [],
      defaultCgroupNamespace: (info.SecurityOptions ?? []).some((option) => option.includes('cgroupns'))
        ? 'private'
        : 'host',
    };
  }

  /** The container if the actor may use it as its own, which is what being able to enter it means. */
  async usableContainer({ actor, engine, connection, rights, request }: Admission, reference: string) {
    const facts = await this.containers.find(connection, reference, {
      seesAll: rights.mayAlways('containers:list'),
      signal: request.signal,
    });
    if (!facts) return undefined;
    const object = this.authoriser.existing(actor, engine, 'container', facts.id, facts.labels);
    return (await rights.may('containers:exec', object)) ? facts : undefined;
  }

  /** The id of an image; undefined where there is none. */
  async imageId({ connection, request }: Admission, name: string): Promise<string | undefined> {
    const found = await orNone(
      connection.json<{ Id: string }>('ImageInspect', {
        params: { name },
        ...(request.signal ? { signal: request.signal } : {}),
      }),
    );
    return found?.body.Id;
  }

  async volume({ connection, request }: Admission, name: string) {
    const found = await orNone(
      connection.json<{ Driver: string; Options: Record<string, string> | null }>('VolumeInspect', {
        params: { name },
        ...(request.signal ? { signal: request.signal } : {}),
      }),
    );
    return found && { driver: found.body.Driver, options: found.body.Options ?? {} };
  }
}

async function orNone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return undefined;
    throw error;
  }
}
