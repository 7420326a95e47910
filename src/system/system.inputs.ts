import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

const REFERENCE = {
  description: 'An image: `[host[:port]/]path[:tag][@digest]`.',
  min: 1,
  max: 520,
  pattern: /^[a-zA-Z0-9[][\w.:@/[\]+-]*$/,
  patternHint: 'an image reference: [host[:port]/]path[:tag][@digest]',
  example: 'registry.example.com/team/app:1.2',
} as const;

export class DistributionQuery {
  @InText(REFERENCE)
  reference!: string;
}

@ArgsType()
export class DistributionArgs extends EnginePath {
  @InText(REFERENCE)
  reference!: string;
}
