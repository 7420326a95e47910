import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { ExecInspectInfo } from 'dockerode';
import type { Logger } from 'pino';
import type { Actor } from '../common/actor.js';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import type { EngineHandle, Terminal } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { requireNotStarted } from './exec.service.js';
import type { TerminalCommand, TerminalConnection } from './terminal-connection.js';

const EXIT_PATIENCE_MS = 2_000;
const EXIT_LOOK_EVERY_MS = 20;

/** Whose input and output it is: a container's main process or an exec. */
export interface TerminalTarget {
  readonly kind: 'container' | 'exec';
  readonly engine: string;
  readonly id: string;
}

/** Interactive sessions: a client on one side, a process on the other, until either ends. */
@Injectable()
export class TerminalService {
  constructor(
    private readonly gate: Gate,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when the process has ended or the client has left. */
  async run(actor: Actor, target: TerminalTarget, connection: TerminalConnection): Promise<void> {
    const engine = this.gate.as(actor).engine(target.engine);
    const terminal = await open(engine, target, connection.closed);
    const leave = () => terminal.input.destroy();
    connection.closed.addEventListener('abort', leave, { once: true });
    try {
      await connection.sendEvent({ type: 'ready' });
      connection.receive(
        terminal.input,
        (command) => this.obey(command, engine, target, terminal),
        (error) => terminal.input.destroy(error instanceof Error ? error : new Error(messageOf(error))),
      );
      for await (const output of terminal.output) await connection.sendOutput(output);
      await connection.sendEvent({
        type: 'exit',
        exitCode: await exitCode(engine, target, connection.closed),
      });
      connection.close();
    } catch (error) {
      if (!connection.closed.aborted) throw error;
    } finally {
      connection.closed.removeEventListener('abort', leave);
      leave();
    }
  }

  private obey(
    command: TerminalCommand,
    engine: EngineHandle,
    target: TerminalTarget,
    { input }: Terminal,
  ): void {
    if (command.type === 'end') input.end();
    if (command.type !== 'resize') return;
    const operation = target.kind === 'container' ? 'ContainerResize' : 'ExecResize';
    engine
      .json(operation, { params: { id: target.id }, query: { w: command.width, h: command.height } })
      .catch((error: unknown) =>
        this.logger.warn({ reason: messageOf(error) }, 'a terminal was not resized'),
      );
  }
}

async function open(
  engine: EngineHandle,
  { kind, id }: TerminalTarget,
  signal: AbortSignal,
): Promise<Terminal> {
  if (kind === 'container') {
    return engine.terminal('ContainerAttach', {
      params: { id },
      query: { stream: true, stdin: true, stdout: true, stderr: true },
      signal,
    });
  }
  await requireNotStarted(engine, id);
  return engine.terminal('ExecStart', { params: { id }, body: { Detach: false }, signal });
}

/** The engine learns how a command ended just after its output did. Null for one that goes on without an output. */
async function exitCode(
  engine: EngineHandle,
  { kind, id }: TerminalTarget,
  signal: AbortSignal,
): Promise<number | null> {
  if (kind === 'container') return null;
  const end = Date.now() + EXIT_PATIENCE_MS;
  for (;;) {
    const { body } = await engine.json<ExecInspectInfo>('ExecInspect', { params: { id }, signal });
    if (!body.Running || Date.now() > end) return body.ExitCode;
    await pause(EXIT_LOOK_EVERY_MS, undefined, { signal });
  }
}
