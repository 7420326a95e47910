import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { CustomRolesService } from '../access/custom-roles.service.js';
import { NameClaimsService } from '../access/name-claims.service.js';
import { OwnershipService } from '../access/ownership.service.js';
import type { RoleBindingsService } from '../access/role-bindings.service.js';
import { ManualClock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import type { ContainerReferences } from './container-references.js';
import { NamedVolumes } from './named-volumes.js';
import type { ServiceVolumes } from './service-volumes.js';

describe('a call that makes a volume', () => {
  let database: TemporaryDatabase;
  let ownership: OwnershipService;
  let volumes: NamedVolumes;
  /** Volumes that a service of others mounts, and those that may not be mounted by now. */
  let ofServices: string[];
  let ofOthers: string[];
  let sent: string[];
  let removal: Error | undefined;
  beforeEach(async () => {
    database = await openTemporaryDatabase();
    const clock = new ManualClock();
    ownership = new OwnershipService(database.db, clock);
    [ofServices, ofOthers, sent, removal] = [[], [], [], undefined];
    volumes = new NamedVolumes(
      new NameClaimsService(database.db, clock),
      ownership,
      new Authoriser({} as RoleBindingsService, ownership, {} as CustomRolesService),
      {
        mayMount: (_: unknown, name: string) => Promise.resolve(!ofOthers.includes(name)),
      } as unknown as ContainerReferences,
      {
        requireFree: (_: unknown, name: string) =>
          ofServices.includes(name)
            ? Promise.reject(new DomainError('forbidden', `${name} is of a service`))
            : Promise.resolve(),
      } as unknown as ServiceVolumes,
      pino({ level: 'silent' }),
    );
  });
  afterEach(() => database.close());

  const by = (id: string, newVolumes: readonly string[], { all = false, mounts = newVolumes } = {}) =>
    ({
      actor: { kind: 'user', id, name: id, teamIds: [] },
      engine: 'local',
      rights: { mayAlways: () => all },
      newVolumes,
      request: {
        body: {
          Image: 'busybox',
          HostConfig: { Mounts: mounts.map((Source) => ({ Type: 'volume', Source, Target: `/${Source}` })) },
        },
      },
      connection: {
        json: (operation: string) => {
          sent.push(operation);
          return operation === 'ContainerDelete' && removal
            ? Promise.reject(removal)
            : Promise.resolve({ body: { Labels: null } });
        },
      },
    }) as unknown as Admission;
  const owner = async (name: string) => (await ownership.find('local', 'volume', name))?.ownerId;
  const ok = () => Promise.resolve('made');
  /** A call that goes on until it is told to end. */
  const slow = () => {
    let end: () => void = () => undefined;
    const going = new Promise<string>((resolve) => {
      end = () => resolve('made');
    });
    return { call: () => going, end };
  };

  it('gives it to the actor when it is there, and not before', async () => {
    const { call, end } = slow();
    const making = volumes.making(by('alice', ['data']), call);
    await expect(volumes.making(by('bob', ['data']), ok)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await owner('data')).toBeUndefined();
    end();
    expect(await making).toBe('made');
    expect(await owner('data')).toBe('alice');
  });

  it('is not sent where somebody else has made it since the decision', async () => {
    await volumes.making(by('alice', ['data']), ok);
    const call = () => Promise.reject(new Error('it was sent'));
    await expect(volumes.making(by('bob', ['data']), call)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await owner('data')).toBe('alice');
  });

  it('that fails gives nothing, and keeps nothing from others', async () => {
    const failed = new DomainError('conflict', 'no');
    await expect(volumes.making(by('alice', ['data']), () => Promise.reject(failed))).rejects.toBe(failed);
    expect(await owner('data')).toBeUndefined();
    await volumes.making(by('bob', ['data']), ok);
    expect(await owner('data')).toBe('bob');
  });

  it('that fails takes nothing from another of the same actor', async () => {
    const { call, end } = slow();
    const making = volumes.making(by('alice', ['data']), call);
    await expect(
      volumes.making(by('alice', ['data']), () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    await expect(volumes.making(by('bob', ['data']), ok)).rejects.toMatchObject({ kind: 'conflict' });
    end();
    await making;
    expect(await owner('data')).toBe('alice');
  });

  it('claims all of its names, or none', async () => {
    const { call, end } = slow();
    const making = volumes.making(by('alice', ['two']), call);
    await expect(volumes.making(by('bob', ['one', 'two']), ok)).rejects.toMatchObject({ kind: 'conflict' });
    await volumes.making(by('carol', ['one']), ok);
    end();
    await making;
    expect([await owner('one'), await owner('two')]).toEqual(['carol', 'alice']);
  });

  it('of who may use all volumes waits for that of somebody else, and leaves it its volume', async () => {
    const { call, end } = slow();
    const making = volumes.making(by('alice', ['data']), call);
    const shared = volumes.making(by('admin', ['data'], { all: true }), ok);
    end();
    expect(await Promise.all([making, shared])).toEqual(['made', 'made']);
    expect(await owner('data')).toBe('alice');
  });

  describe('once the container holds its volumes', () => {
    const mounting = (options?: object) => by('alice', ['new'], { mounts: ['new', 'old'], ...options });

    it('lets it be where they are those that were decided on', async () => {
      await volumes.requireHeld(mounting(), 'c1');
      expect(sent).toEqual(['VolumeInspect']);
    });

    it('removes it where one is of others by now, or a service mounts a new one', async () => {
      ofOthers = ['old'];
      await expect(volumes.requireHeld(mounting(), 'c1')).rejects.toMatchObject({ kind: 'conflict' });
      expect(sent).toEqual(['VolumeInspect', 'ContainerDelete']);
      [ofOthers, ofServices] = [[], ['new']];
      await expect(volumes.requireHeld(mounting(), 'c1')).rejects.toMatchObject({ kind: 'forbidden' });
    });

    it('says why, also where it can’t be removed', async () => {
      ofOthers = ['old'];
      removal = new Error('away');
      await expect(volumes.requireHeld(mounting(), 'c1')).rejects.toMatchObject({ kind: 'conflict' });
    });

    it('does not look where the actor may use all', async () => {
      ofOthers = ['old'];
      await volumes.requireHeld(mounting({ all: true }), 'c1');
      expect(sent).toEqual([]);
    });
  });
});
