import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { uploadOf } from '../http/upload.js';
import type { ContainerPath } from './container-paths.js';
import { toArchiveStat } from './archive-stat.mapper.js';
import type { ArchiveStat } from './container-results.model.js';
import type { ArchiveQuery, PutArchiveQuery } from './container-stream.inputs.js';

const STAT_HEADER = 'x-docker-container-path-stat';

/** Files of a container as tar archives. They pass through with back-pressure and are never held whole. */
@Injectable()
export class ContainerFilesService {
  constructor(private readonly gate: Gate) {}

  async export(actor: Actor, { engine, id }: ContainerPath, signal: AbortSignal): Promise<Readable> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .stream('ContainerExport', { params: { id }, signal });
    return body;
  }

  async stat(actor: Actor, { engine, id }: ContainerPath, { path }: ArchiveQuery): Promise<ArchiveStat> {
    const { headers } = await this.gate
      .as(actor)
      .engine(engine)
      .json('ContainerArchiveInfo', { params: { id }, query: { path } });
    return toArchiveStat(headers[STAT_HEADER]);
  }

  async download(
    actor: Actor,
    { engine, id }: ContainerPath,
    { path }: ArchiveQuery,
    signal: AbortSignal,
  ): Promise<Readable> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .stream('ContainerArchive', { params: { id }, query: { path }, signal });
    return body;
  }

  /** @param archive a tar stream, plain or compressed by gzip, bzip2, xz or zstd */
  async upload(
    actor: Actor,
    { engine, id }: ContainerPath,
    { path, noOverwriteDirNonDir, copyUIDGID }: PutArchiveQuery,
    archive: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .stream('PutContainerArchive', {
        params: { id },
        query: { path, noOverwriteDirNonDir, copyUIDGID },
        upload: uploadOf(archive),
        signal,
      });
    body.resume();
  }
}
