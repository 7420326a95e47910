import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateClientCertificateInput,
  ClientCertificatePath,
  UpdateClientCertificateInput,
} from './client-certificate.inputs.js';
import { ClientCertificate, ClientCertificatePage } from './client-certificate.model.js';
import { ClientCertificatesService } from './client-certificates.service.js';

@ApiTags('client certificates')
@Controller('api/v1/client-certificates')
export class ClientCertificatesController {
  constructor(private readonly certificates: ClientCertificatesService) {}

  @Get()
  @ApiOperation({ summary: 'List client certificates, by name' })
  @ApiOkResponse({ type: ClientCertificatePage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<ClientCertificate>> {
    return this.certificates.list(actor, page);
  }

  @Post()
  @ApiOperation({
    summary: 'Let a client certificate stand for somebody on one engine',
    description: 'Only for somebody who may do no more than you.',
  })
  @ApiCreatedResponse({ type: ClientCertificate })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateClientCertificateInput,
  ): Promise<ClientCertificate> {
    return this.certificates.create(actor, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See what a client certificate stands for' })
  @ApiOkResponse({ type: ClientCertificate })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: ClientCertificatePath): Promise<ClientCertificate> {
    return this.certificates.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change, disable or enable what a client certificate stands for',
    description: 'Only of somebody who may do no more than you. What goes on by it ends.',
  })
  @ApiOkResponse({ type: ClientCertificate })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: ClientCertificatePath,
    @Body() input: UpdateClientCertificateInput,
  ): Promise<ClientCertificate> {
    return this.certificates.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Have a client certificate stand for nobody',
    description: 'What goes on by it ends.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  delete(@CurrentActor() actor: Actor, @Param() { id }: ClientCertificatePath): Promise<void> {
    return this.certificates.delete(actor, id);
  }
}
