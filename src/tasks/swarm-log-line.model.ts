import { ObjectType } from '@nestjs/graphql';
import { OutInteger, OutText } from '../common/output-fields.js';
import { LogLine } from '../containers/log-line.model.js';

@ObjectType({ description: 'A line that a task of a service wrote.' })
export class SwarmLogLine extends LogLine {
  @OutText('The full id of the task; empty where the engine did not tell.')
  taskId!: string;

  @OutText('The full id of the node that the task is on; empty where the engine did not tell.')
  nodeId!: string;

  @OutInteger(
    'Which of the replicas the task is; null for global services, where you may not see the task, and for one that is gone.',
    { nullable: true },
  )
  slot!: number | null;
}
