import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';
import type { SecurityLevel } from '../common/security-level.js';
import { TarReader } from '../common/tar/tar-reader.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { emptyVolume, MOUNTED_AT } from './volume-helper.js';

/** A volume as it was decided on. */
export interface ArchivedVolume {
  readonly name: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a session on a volume is made of; `VolumeArchives` makes it. */
export interface ArchiveSession {
  readonly connection: EngineConnection;
  readonly helper: string;
  readonly volume: ArchivedVolume;
  readonly level: SecurityLevel;
  /** Aborted when the right to it is withdrawn, and when it has gone on for too long. */
  readonly ended: AbortSignal;
  /** Gives everything back; with an error, that is what is recorded. */
  readonly close: (outcome: { error?: unknown; removesVolume: boolean }) => Promise<void>;
  /** Containers that are paused as long as it is open, by id. */
  readonly paused: readonly string[];
  readonly stage: () => Promise<VolumeArchive>;
  /** Another session on the volume, that only reads. */
  readonly again: () => Promise<VolumeArchive>;
}

/**
 * The files of one volume, for as long as it is not closed: as archives that stream through and are never held whole. Paths
 * are absolute within the volume. To be closed by whoever opened it, whatever happens.
 */
export class VolumeArchive {
  private closed: Promise<void> | undefined;

  constructor(private readonly session: ArchiveSession) {}

  get volume(): ArchivedVolume {
    return this.session.volume;
  }

  /** The security level that the actor reaches with this volume. */
  get level(): SecurityLevel {
    return this.session.level;
  }

  get paused(): readonly string[] {
    return this.session.paused;
  }

  /** Aborted when the right to the volume is withdrawn, and when it has been open for too long. */
  get ended(): AbortSignal {
    return this.session.ended;
  }

  /**
   * What there is at a path, as a tar archive whose names begin with the last part of the path; those of the whole volume with
   * `.`, or with `volume` where it is to be put into another.
   */
  async read(path: string, signal: AbortSignal, { rooted = false } = {}): Promise<Readable> {
    const inHelper =
      path === '/' ? (rooted ? `/${MOUNTED_AT}` : `/${MOUNTED_AT}/.`) : `/${MOUNTED_AT}${path}`;
    const { connection, helper } = this.session;
    const { body } = await this.untilEnded(signal, (live) =>
      connection.stream('ContainerArchive', {
        params: { id: helper },
        query: { path: inHelper },
        signal: live,
      }),
    );
    return body;
  }

  /** The engine's headers about what there is at a path. */
  async stat(path: string): Promise<IncomingHttpHeaders> {
    const { connection, helper } = this.session;
    const { headers } = await connection.json('ContainerArchiveInfo', {
      params: { id: helper },
      query: { path: `/${MOUNTED_AT}${path === '/' ? '/.' : path}` },
    });
    return headers;
  }

  /**
   * Unpacks a tar archive. Resolves when the engine has all of it.
   *
   * @param path the folder to unpack into, where no file takes the place of a folder; undefined for the whole volume: then every name has to begin with `volume`
   */
  async write(path: string | undefined, archive: Readable, signal: AbortSignal): Promise<void> {
    const { connection, helper } = this.session;
    await this.untilEnded(signal, (live) =>
      connection.json('PutContainerArchive', {
        params: { id: helper },
        query:
          path === undefined ? { path: '/' } : { path: `/${MOUNTED_AT}${path}`, noOverwriteDirNonDir: true },
        upload: archive,
        signal: live,
        timeoutMs: 0,
      }),
    );
  }

  /** Whether there is nothing in the volume. */
  async isEmpty(): Promise<boolean> {
    const reader = new TarReader((await this.read('/', this.ended)) as AsyncIterable<Buffer>);
    try {
      await reader.next();
      return (await reader.next()) === undefined;
    } finally {
      await reader.close();
    }
  }

  /** Removes all that is in the volume. @throws DomainError `engine_error` where something is left */
  async empty(): Promise<void> {
    const { connection, helper } = this.session;
    await emptyVolume(connection, helper, () => this.isEmpty());
  }

  /** A new volume of nobody's beside this one, which goes when it is closed with `removesVolume`. */
  stage(): Promise<VolumeArchive> {
    return this.session.stage();
  }

  /**
   * Ends this session on a staged volume, which is whole now and stays where Dockmaster dies, and goes on reading it with the
   * one that is answered.
   */
  async keep(): Promise<VolumeArchive> {
    const reading = await this.session.again();
    await this.close();
    return reading;
  }

  /** Gives everything back, once. @param outcome.error what went wrong, for the record */
  close({ error, removesVolume = false }: { error?: unknown; removesVolume?: boolean } = {}): Promise<void> {
    this.closed ??= this.session.close({ error, removesVolume });
    return this.closed;
  }

  private async untilEnded<T>(signal: AbortSignal, call: (live: AbortSignal) => Promise<T>): Promise<T> {
    const { ended } = this.session;
    try {
      return await call(AbortSignal.any([signal, ended]));
    } catch (error) {
      if (ended.aborted && ended.reason instanceof DomainError) throw ended.reason;
      throw error;
    }
  }
}
