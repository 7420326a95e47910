import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AutomationRun } from '../automation/automation-run.model.js';
import { ApiProblems } from '../http/api-problems.js';
import { HOOKS_PATH } from '../http/hook-address.js';
import { sentBytes, sentType } from '../http/sent-bytes.js';
import { Public } from '../identity/authentication.guard.js';
import { type HookCall, HookDoor } from './hook-door.service.js';
import { HookReceipt } from './hook.model.js';

/** Far more than a notification takes. */
const MAX_BODY_BYTES = 256 * 1024;

/** Who calls is known by the token in the path alone. Whatever is no token, or no run, leads nowhere: it is not told in another way. */
@ApiTags('hooks')
@Public()
@Controller(HOOKS_PATH)
export class HookDoorController {
  constructor(private readonly door: HookDoor) {}

  @Post(':token')
  @ApiOperation({
    summary: 'Call a hook',
    description:
      'The body is what the hook was set up for: a notification of Docker Hub, a registry or GitHub, or JSON. Needs no other authorization than the token.',
  })
  @ApiConsumes('application/json')
  @ApiBody({ schema: { type: 'object', additionalProperties: true }, required: false })
  @ApiAcceptedResponse({
    type: HookReceipt,
    headers: { Location: { description: 'Where the outcome is found.', schema: { type: 'string' } } },
  })
  @ApiOkResponse({ type: HookReceipt, description: 'Nothing is done, and why.' })
  @ApiProblems(
    'invalid_input',
    'forbidden',
    'not_found',
    'conflict',
    'payload_too_large',
    'too_many_requests',
    'cancelled',
  )
  async call(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await answer(reply, token, await this.door.receive(callOf(token, request)));
  }

  @Get(':token/runs/:id')
  @ApiOperation({ summary: 'See what became of a call of a hook' })
  @ApiOkResponse({ type: AutomationRun })
  @ApiProblems('invalid_input', 'not_found')
  outcome(
    @Param('token') token: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<AutomationRun> {
    return this.door.outcome({ token, address: request.ip }, id);
  }
}

function callOf(token: string, request: FastifyRequest): HookCall {
  return {
    token,
    address: request.ip,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : undefined,
      ]),
    ),
    contentType: sentType(request),
    body: () => sentBytes(request, MAX_BODY_BYTES),
  };
}

async function answer(reply: FastifyReply, token: string, receipt: HookReceipt): Promise<void> {
  if (receipt.id === null) {
    await reply.status(200).send(receipt);
    return;
  }
  void reply.header('location', `/${HOOKS_PATH}/${token}/runs/${receipt.id}`);
  await reply.status(202).send(receipt);
}
