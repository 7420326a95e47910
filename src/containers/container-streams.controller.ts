import {
  Controller,
  Get,
  Head,
  Header,
  HttpCode,
  Param,
  Put,
  Query,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
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
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { RequestSignal } from '../http/request-signal.js';
import { oneByOne, sendStream } from '../http/streaming.js';
import { ARCHIVE_STAT_HEADER, toArchiveStatHeader } from './archive-stat.mapper.js';
import { ContainerFilesService } from './container-files.service.js';
import { ContainerOutputService } from './container-output.service.js';
import { ContainerPath } from './container-paths.js';
import { ArchiveQuery, LogsQuery, PutArchiveQuery, StatsQuery } from './container-stream.inputs.js';
import { LogLine } from './log-line.model.js';
import { toText } from './log-line.mapper.js';
import { ContainerStats } from './stats.model.js';

const ON_ONE = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'engine_error',
  'engine_unavailable',
] as const;
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

/** Logs, stats and files of a container: what is long or large and passes through. */
@ApiTags('containers')
@Controller('api/v1/engines/:engine/containers/:id')
export class ContainerStreamsController {
  constructor(
    private readonly output: ContainerOutputService,
    private readonly files: ContainerFilesService,
  ) {}

  @Get('logs')
  @ApiOperation({ summary: 'Read the log of a container, and follow it when asked' })
  @ApiStream(LogLine, ['application/x-ndjson', 'text/event-stream', 'text/plain'])
  @ApiProblems(...ON_ONE, 'not_acceptable')
  logs(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: LogsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(
      request,
      reply,
      {
        formats: ['application/x-ndjson', 'text/event-stream', 'text/plain'],
        event: 'log',
        text: (line: LogLine) => toText(line, query),
      },
      (signal) => this.output.logs(actor, path, query, signal),
    );
  }

  @Get('stats')
  @ApiOperation({ summary: 'Read resource usage of a container, a sample a second' })
  @ApiStream(ContainerStats, ['application/x-ndjson', 'text/event-stream'])
  @ApiProblems(...ON_ONE, 'not_acceptable')
  stats(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: StatsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(
      request,
      reply,
      { formats: ['application/x-ndjson', 'text/event-stream'], event: 'stats', shared: true },
      async (signal) => oneByOne(await this.output.stats(actor, path, query, signal)),
    );
  }

  @Get('export')
  @Header('content-type', 'application/x-tar')
  @ApiOperation({ summary: 'Download the whole file system of a container as a tar archive' })
  @ApiProduces('application/x-tar')
  @ApiOkResponse({ content: { 'application/x-tar': BINARY } })
  @ApiProblems(...ON_ONE)
  async export(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @RequestSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.files.export(actor, path, signal), { type: 'application/x-tar' });
  }

  @Head('archive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Look up a file or folder of a container' })
  @ApiOkResponse({
    description: 'What there is.',
    headers: {
      [ARCHIVE_STAT_HEADER]: { description: 'An ArchiveStat as JSON.', schema: { type: 'string' } },
    },
  })
  @ApiProblems(...ON_ONE)
  async stat(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: ArchiveQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header(ARCHIVE_STAT_HEADER, toArchiveStatHeader(await this.files.stat(actor, path, query)));
  }

  @Get('archive')
  @Header('content-type', 'application/x-tar')
  @ApiOperation({ summary: 'Download a file or folder of a container as a tar archive' })
  @ApiProduces('application/x-tar')
  @ApiOkResponse({ content: { 'application/x-tar': BINARY } })
  @ApiProblems(...ON_ONE)
  async download(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: ArchiveQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.files.download(actor, path, query, signal), {
      type: 'application/x-tar',
    });
  }

  @Put('archive')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unpack a tar archive into a folder of a container' })
  @ApiConsumes('application/x-tar', 'application/gzip', 'application/octet-stream')
  @ApiBody({ ...BINARY, required: true })
  @ApiNoContentResponse({ description: 'It is unpacked.' })
  @ApiProblems(...ON_ONE, 'policy_violation', 'unsupported_media_type')
  upload(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: PutArchiveQuery,
    @Req() request: FastifyRequest,
    @RequestSignal() signal: AbortSignal,
  ): Promise<void> {
    return this.files.upload(actor, path, query, request.body, signal);
  }
}
