import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { ConfirmTotpInput, EnrolTotpInput, SecondFactorInput } from './second-factor.inputs.js';
import { RecoveryCodes, SecondFactor, TotpEnrolment, toSecondFactor } from './second-factor.model.js';
import { SecondFactorEnrolment } from './second-factor-enrolment.service.js';

const GUESSED = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'conflict',
  'too_many_requests',
  'unavailable',
] as const;

/** One's own second factor. */
@ApiTags('auth')
@Controller('api/v1/me/totp')
export class SecondFactorController {
  constructor(private readonly enrolment: SecondFactorEnrolment) {}

  @Get()
  @ApiOperation({ summary: 'See whether you have a second factor' })
  @ApiOkResponse({ type: SecondFactor })
  @ApiProblems('unauthenticated', 'forbidden')
  async get(@CurrentActor() actor: Actor): Promise<SecondFactor> {
    return toSecondFactor(await this.enrolment.state(actor));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Begin to set up an authenticator app as second factor',
    description:
      'Answers with a secret for the app, this once. Nothing changes until a code of it is confirmed.',
  })
  @ApiOkResponse({ type: TotpEnrolment })
  @ApiProblems(...GUESSED)
  enrol(@CurrentActor() actor: Actor, @Body() { currentPassword }: EnrolTotpInput): Promise<TotpEnrolment> {
    return this.enrolment.enrol(actor, currentPassword);
  }

  @Post('confirm')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Confirm the authenticator app by a code of it',
    description:
      'From now on signing in asks for a code. Answers with recovery codes, this once: keep them safe.',
  })
  @ApiOkResponse({ type: RecoveryCodes })
  @ApiProblems(...GUESSED)
  async confirm(@CurrentActor() actor: Actor, @Body() { code }: ConfirmTotpInput): Promise<RecoveryCodes> {
    return { recoveryCodes: await this.enrolment.confirm(actor, code) };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @ApiOperation({ summary: 'Get new recovery codes in place of those you have' })
  @ApiOkResponse({ type: RecoveryCodes })
  @ApiProblems(...GUESSED)
  async renew(@CurrentActor() actor: Actor, @Body() proof: SecondFactorInput): Promise<RecoveryCodes> {
    return { recoveryCodes: await this.enrolment.renewRecoveryCodes(actor, proof) };
  }

  @Post('disable')
  @HttpCode(204)
  @ApiOperation({ summary: 'Give your second factor up, with its recovery codes' })
  @ApiNoContentResponse()
  @ApiProblems(...GUESSED)
  disable(@CurrentActor() actor: Actor, @Body() proof: SecondFactorInput): Promise<void> {
    return this.enrolment.disable(actor, proof);
  }
}
