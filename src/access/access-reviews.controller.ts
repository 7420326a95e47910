import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { AccessReviewInput } from './access-review.inputs.js';
import { AccessReview } from './access-review.model.js';
import { AccessReviewsService } from './access-reviews.service.js';
import { MyAccess } from './my-access.model.js';

@ApiTags('access')
@Controller('api/v1')
export class AccessReviewsController {
  constructor(private readonly reviews: AccessReviewsService) {}

  @Post('access-reviews')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ask whether somebody may do something, and why',
    description: 'Changes nothing. About others it needs the permission `roleBindings:list`.',
  })
  @ApiOkResponse({ type: AccessReview })
  @ApiProblems(
    'invalid_input',
    'unauthenticated',
    'forbidden',
    'not_found',
    'engine_error',
    'engine_unavailable',
    'engine_timeout',
  )
  review(@CurrentActor() actor: Actor, @Body() input: AccessReviewInput): Promise<AccessReview> {
    return this.reviews.review(actor, input);
  }

  @Get('me/access')
  @ApiOperation({ summary: 'See all that you may do' })
  @ApiOkResponse({ type: MyAccess })
  @ApiProblems('unauthenticated')
  mine(@CurrentActor() actor: Actor): Promise<MyAccess> {
    return this.reviews.mine(actor);
  }
}
