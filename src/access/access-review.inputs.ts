import { InputType } from '@nestjs/graphql';
import { InChoice, InObject, InText, InTextMap } from '../common/input-fields.js';
import { ENGINE_NAME } from '../common/references.js';
import { SECURITY_LEVELS, type SecurityLevel } from '../common/security-level.js';
import { REVIEW_TARGET_KINDS, type ReviewTargetKind } from '../gate/access-question.js';
import { SubjectInput } from './role-binding.inputs.js';

@InputType({ description: 'What a question is about: an object that there is, or one that there might be.' })
export class AccessReviewTargetInput {
  @InChoice({ description: 'What it is.', values: REVIEW_TARGET_KINDS })
  kind!: ReviewTargetKind;

  @InText({
    description:
      'The id or name of one that there is. One that you may not see yourself is not found. To pull or build an image, its name, which need not be there.',
    min: 1,
    max: 255,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.:/@-]{0,254}$/,
    patternHint: 'an id or name',
    optional: true,
    example: 'web',
  })
  id?: string;

  @InTextMap({
    description:
      'Instead of an id, the labels of one that there might be: made by the subject where the question is about creating it, otherwise by somebody else.',
    maxEntries: 100,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  labels?: Record<string, string>;
}

@InputType({
  description: 'May somebody do something somewhere? Give a permission, or an operation instead.',
})
export class AccessReviewInput {
  @InObject(() => SubjectInput, {
    description: 'Who. Default: you, with the token in use. Others need roleBindings:list.',
    optional: true,
  })
  subject?: SubjectInput;

  @InText({
    description: 'The permission.',
    min: 3,
    max: 100,
    optional: true,
    example: 'containers:start',
  })
  permission?: string;

  @InText({
    description: 'The operation of the Docker Engine API, by its operationId.',
    min: 1,
    max: 64,
    pattern: /^[A-Z][A-Za-z]{0,63}$/,
    patternHint: 'an operationId',
    optional: true,
    example: 'ContainerStart',
  })
  operation?: string;

  @InText({
    description: 'The engine. Default: none, for what belongs to no engine.',
    min: 1,
    max: 63,
    pattern: ENGINE_NAME,
    patternHint: 'an engine name: lower-case letters, digits and "-"',
    optional: true,
    example: 'local',
  })
  engine?: string;

  @InObject(() => AccessReviewTargetInput, {
    description: 'On what. Default: on everything, of which lists show what one may see.',
    optional: true,
  })
  target?: AccessReviewTargetInput;

  @InChoice({
    description: 'Up to this security level. Default: any.',
    values: SECURITY_LEVELS,
    optional: true,
  })
  level?: SecurityLevel;
}
