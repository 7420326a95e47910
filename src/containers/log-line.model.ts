import { ObjectType } from '@nestjs/graphql';
import { OutChoice, OutText, OutTime } from '../common/output-fields.js';

export const LOG_STREAMS = ['stdout', 'stderr', 'console', 'gap'] as const;

@ObjectType({ description: 'A line that a container wrote.' })
export class LogLine {
  @OutChoice(
    LOG_STREAMS,
    'Where it was written: `console` for a container with a terminal, which has one stream; `gap` says that lines are missing here.',
  )
  stream!: (typeof LOG_STREAMS)[number];

  @OutText('The line, without its end.')
  message!: string;

  @OutTime('When it was written; null for a gap, and where `timestamps` is false.', { nullable: true })
  timestamp!: string | null;
}
