import type { ExecInspectInfo } from 'dockerode';
import { toConsoleSize } from './container-create.mapper.js';
import { type EngineDocument, type Loose, present } from './engine-document.js';
import { EXEC_OPTIONS, requireSupported } from './engine-options.js';
import type { CreateExecInput, StartExecInput } from './exec.inputs.js';
import type { Exec } from './exec.model.js';

/**
 * The body of ContainerExec.
 *
 * @param apiVersion the version spoken with the engine, such as `1.41`
 * @throws DomainError `not_supported` for options that this version does not have
 */
export function toExecBody(input: CreateExecInput, apiVersion: string): EngineDocument {
  requireSupported(input, EXEC_OPTIONS, apiVersion);
  return present({
    Cmd: input.command,
    Env: input.env,
    User: input.user,
    WorkingDir: input.workingDir,
    Tty: input.tty,
    AttachStdin: input.attachStdin ?? false,
    AttachStdout: input.attachStdout ?? true,
    AttachStderr: input.attachStderr ?? true,
    Privileged: input.privileged,
    DetachKeys: input.detachKeys,
    ConsoleSize: input.consoleSize && toConsoleSize(input.consoleSize),
  });
}

/**
 * The body of ExecStart.
 *
 * @throws DomainError `not_supported` for options that this version does not have
 */
export function toExecStartBody(input: StartExecInput, apiVersion: string): EngineDocument {
  requireSupported(input, EXEC_OPTIONS, apiVersion);
  return present({
    Detach: false,
    ConsoleSize: input.consoleSize && toConsoleSize(input.consoleSize),
  });
}

/** An exec as ExecInspect tells of it. */
export function toExec(engine: string, document: Loose<ExecInspectInfo>): Exec {
  const process = document.ProcessConfig;
  const running = document.Running ?? false;
  return {
    engine,
    id: document.ID ?? '',
    containerId: document.ContainerID ?? '',
    command: [process?.entrypoint ?? '', ...(process?.arguments ?? [])].filter(
      (part, index) => index > 0 || part !== '',
    ),
    user: process?.user ?? '',
    tty: process?.tty ?? false,
    privileged: process?.privileged ?? false,
    openStdin: document.OpenStdin ?? false,
    running,
    pid: running && (document.Pid ?? 0) > 0 ? (document.Pid ?? 0) : null,
    exitCode: running ? null : (document.ExitCode ?? null),
  };
}
