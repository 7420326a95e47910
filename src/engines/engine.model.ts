import { ObjectType } from '@nestjs/graphql';
import { OutBoolean, OutText, OutTime } from '../common/output-fields.js';

@ObjectType({
  description: 'A Docker Engine that Dockmaster stands in front of, and how it was when last asked.',
})
export class Engine {
  @OutText('What the engine is called here.')
  name!: string;

  @OutBoolean('Whether it answered when it was last asked.')
  reachable!: boolean;

  @OutText('The version of the Engine API that it offers; null while it was never reached.', {
    nullable: true,
  })
  apiVersion!: string | null;

  @OutText('Why it cannot be reached; null while it can.', { nullable: true })
  error!: string | null;

  @OutTime('When it was last asked; null before the first answer.', { nullable: true })
  checkedAt!: string | null;

  @OutTime('Since when it is reachable, or not; null before the first answer.', { nullable: true })
  since!: string | null;
}
