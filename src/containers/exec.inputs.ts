import { InputType } from '@nestjs/graphql';
import { InBoolean, InObject, InText } from '../common/input-fields.js';
import { InDetachKeys, InEnvironment, InUser } from './container-fields.js';
import { TerminalSizeInput } from './container-runtime.inputs.js';

@InputType({ description: 'A command to run in a container that runs.' })
export class CreateExecInput {
  @InText({
    description: 'The program and its arguments. No shell is put between.',
    max: 131_072,
    multiline: true,
    list: { min: 1, max: 4_096 },
    example: ['ls', '-l', '/'],
  })
  command!: string[];

  @InEnvironment("Environment variables besides the container's, each `NAME=value`.")
  env?: string[];

  @InUser("The user that the command runs as. Default: the container's.")
  user?: string;

  @InText({
    description: "The folder that the command starts in. Default: the container's.",
    max: 4_096,
    optional: true,
  })
  workingDir?: string;

  @InBoolean({
    description: 'Whether the command has a terminal. Output is then one stream.',
    optional: true,
  })
  tty?: boolean;

  @InBoolean({ description: 'Whether the command reads input. Default false.', optional: true })
  attachStdin?: boolean;

  @InBoolean({ description: 'Whether the output is sent. Default true.', optional: true })
  attachStdout?: boolean;

  @InBoolean({ description: 'Whether the error output is sent. Default true.', optional: true })
  attachStderr?: boolean;

  @InBoolean({
    description: 'Whether the command has full access to the host. Default false.',
    optional: true,
  })
  privileged?: boolean;

  @InDetachKeys()
  detachKeys?: string;

  @InObject(() => TerminalSizeInput, {
    description: 'The size of the terminal at the start. From API 1.42.',
    optional: true,
  })
  consoleSize?: TerminalSizeInput;
}

@InputType({ description: 'How to start a command.' })
export class StartExecInput {
  @InObject(() => TerminalSizeInput, {
    description: 'The size of the terminal at the start. From API 1.42.',
    optional: true,
  })
  consoleSize?: TerminalSizeInput;
}

@InputType({ description: 'The new size of a terminal.' })
export class ResizeInput extends TerminalSizeInput {}
