import { ObjectType } from '@nestjs/graphql';
import { OutBoolean, OutChoice, OutInteger, OutText } from '../common/output-fields.js';

@ObjectType({ description: 'A command run in a container.' })
export class Exec {
  @OutText('The name of the engine.')
  engine!: string;

  @OutText('The id.')
  id!: string;

  @OutText('The id of the container.')
  containerId!: string;

  @OutText('The program and its arguments.', { list: true })
  command!: string[];

  @OutText("The user that it runs as; empty for the container's.")
  user!: string;

  @OutBoolean('Whether it has a terminal.')
  tty!: boolean;

  @OutBoolean('Whether it has full access to the host.')
  privileged!: boolean;

  @OutBoolean('Whether it reads input.')
  openStdin!: boolean;

  @OutBoolean('Whether it runs now.')
  running!: boolean;

  @OutInteger('The process id on the host; null while it does not run.', { nullable: true })
  pid!: number | null;

  @OutInteger('The exit code; null until it has ended.', { nullable: true })
  exitCode!: number | null;
}

export const OUTPUT_STREAMS = ['stdout', 'stderr', 'console'] as const;

@ObjectType({ description: 'Something that a command wrote.' })
export class ExecOutput {
  @OutChoice(
    OUTPUT_STREAMS,
    'Where it was written: `console` for a command with a terminal, which has one stream.',
  )
  stream!: (typeof OUTPUT_STREAMS)[number];

  @OutText('What was written, as it came: not line by line.')
  data!: string;
}
