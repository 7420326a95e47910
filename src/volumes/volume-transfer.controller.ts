import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Put, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { ApiProblems } from '../http/api-problems.js';
import { RequestSignal } from '../http/request-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { JobsService } from '../jobs/jobs.service.js';
import { followedUpload } from './followed-upload.js';
import { VolumeBackupService } from './volume-backup.service.js';
import { VolumeFile, VolumeFolder } from './volume-file.model.js';
import { VolumeFilesService } from './volume-files.service.js';
import { VolumePath } from './volume-paths.js';
import { VolumeRestoreService } from './volume-restore.service.js';
import {
  BackupQuery,
  type Compression,
  RestoreQuery,
  UploadFileQuery,
  VolumeFileQuery,
  VolumeFolderQuery,
} from './volume-transfer.inputs.js';
import { VolumeRestoreResult } from './volume.model.js';

const CHECKSUM_TRAILER = 'x-checksum-sha256';
const IN_USE_HEADER = 'dockmaster-in-use-by';

const ON_ONE = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'policy_violation',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
] as const;
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const PACKED: Readonly<Record<Compression, { type: string; ending: string }>> = {
  none: { type: 'application/x-tar', ending: 'tar' },
  gzip: { type: 'application/gzip', ending: 'tar.gz' },
  zstd: { type: 'application/zstd', ending: 'tar.zst' },
};

/** What is in a volume: what is long or large and passes through. */
@ApiTags('volumes')
@Controller('api/v1/engines/:engine/volumes/:name')
export class VolumeTransferController {
  constructor(
    private readonly backups: VolumeBackupService,
    private readonly restores: VolumeRestoreService,
    private readonly files: VolumeFilesService,
    private readonly jobs: JobsService,
  ) {}

  @Get('backup')
  @ApiOperation({ summary: 'Download all that is in a volume as a tar archive' })
  @ApiProduces('application/x-tar', 'application/gzip', 'application/zstd')
  @ApiOkResponse({
    description:
      'The archive. Its SHA-256 comes after it, as the HTTP trailer `X-Checksum-Sha256`. Where something fails on the way, the answer is cut.',
    headers: {
      [IN_USE_HEADER]: {
        description: 'Names of the containers that run with the volume, as far as you may see: a JSON list.',
        schema: { type: 'string' },
      },
    },
    content: { 'application/x-tar': BINARY, 'application/gzip': BINARY, 'application/zstd': BINARY },
  })
  @ApiProblems(...ON_ONE, 'conflict')
  async backup(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: BackupQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
    @RequestSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    const { content, sha256, inUseBy } = await this.backups.backup(actor, path, query, signal);
    const { type, ending } = PACKED[query.compression ?? 'none'];
    void reply
      .header(IN_USE_HEADER, JSON.stringify(inUseBy))
      .header('cache-control', 'no-store, no-transform')
      .trailer(CHECKSUM_TRAILER, () => Promise.resolve(sha256()));
    return new StreamableFile(content, { type, disposition: attachment(`${path.name}.${ending}`) });
  }

  @Put('restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put a tar archive into a new volume, or in the place of what is in one' })
  @ApiConsumes('application/x-tar', 'application/gzip', 'application/zstd', 'application/octet-stream')
  @ApiBody({ ...BINARY, required: true })
  @ApiOkResponse({ type: VolumeRestoreResult })
  @ApiProblems(...ON_ONE, 'conflict', 'unsupported_media_type', 'payload_too_large', 'cancelled')
  restore(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: RestoreQuery,
    @Req() request: FastifyRequest,
    @RequestSignal() signal: AbortSignal,
  ): Promise<VolumeRestoreResult> {
    const upload = { archive: bodyOf(request), size: lengthOf(request) };
    const target = { kind: 'volume', id: path.name, name: path.name };
    const spec = { kind: 'volumeRestore', engine: path.engine, target } as const;
    return followedUpload(this.jobs, actor, spec, signal, (job, live) =>
      this.restores.restore(path, query, upload, job, live),
    );
  }

  @Get('files')
  @ApiOperation({ summary: 'List what is in a folder of a volume' })
  @ApiOkResponse({ type: VolumeFolder })
  @ApiProblems(...ON_ONE)
  list(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: VolumeFolderQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<VolumeFolder> {
    return this.files.list(actor, path, query, signal);
  }

  @Get('files/stat')
  @ApiOperation({ summary: 'Look up a file or folder of a volume' })
  @ApiOkResponse({ type: VolumeFile })
  @ApiProblems(...ON_ONE)
  stat(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: VolumeFileQuery,
  ): Promise<VolumeFile> {
    return this.files.stat(actor, path, query);
  }

  @Get('files/content')
  @ApiOperation({ summary: 'Download a file of a volume as it is, or a folder as a tar archive' })
  @ApiProduces('application/octet-stream', 'application/x-tar')
  @ApiOkResponse({ content: { 'application/octet-stream': BINARY, 'application/x-tar': BINARY } })
  @ApiProblems(...ON_ONE)
  async download(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: VolumeFileQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    const { content, size, name } = await this.files.download(actor, path, query, signal);
    return size === undefined
      ? new StreamableFile(content, { type: 'application/x-tar', disposition: attachment(`${name}.tar`) })
      : new StreamableFile(content, {
          type: 'application/octet-stream',
          length: size,
          disposition: attachment(name),
        });
  }

  @Put('files/content')
  @HttpCode(204)
  @ApiOperation({ summary: 'Put a file into a volume, also in the place of one' })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ ...BINARY, required: true })
  @ApiNoContentResponse({ description: 'It is there.' })
  @ApiProblems(...ON_ONE, 'conflict', 'unsupported_media_type')
  upload(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: UploadFileQuery,
    @Req() request: FastifyRequest,
    @RequestSignal() signal: AbortSignal,
  ): Promise<void> {
    const size = lengthOf(request);
    const content = bodyOf(request);
    if (size === undefined)
      throw new DomainError('invalid_input', 'Send the file with its Content-Length', {
        errors: [{ field: 'content-length', message: 'must be given' }],
      });
    return this.files.upload(actor, path, query, { content, size }, signal);
  }
}

/** @throws DomainError `unsupported_media_type` for a body of another type, and for none */
function bodyOf({ body }: FastifyRequest): Readable {
  if (body instanceof Readable) return body;
  throw new DomainError(
    'unsupported_media_type',
    'Send the content as application/octet-stream, application/x-tar, application/gzip or application/zstd',
  );
}

function lengthOf({ headers }: FastifyRequest): number | undefined {
  const text = headers['content-length'];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A header can carry ASCII only; the second form has the whole name (RFC 6266). */
function attachment(name: string): string {
  const ascii = name.replace(/[^\w .-]/g, '_');
  const whole = encodeURIComponent(name.replace(/\uFFFD/g, '_')).replace(/['()*]/g, percent);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${whole}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
