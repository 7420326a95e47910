import { Injectable } from '@nestjs/common';
import type { ExecInspectInfo } from 'dockerode';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { EngineHandle, TerminalOutput } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { ContainerPath, ExecPath } from './container-paths.js';
import type { CreateExecInput, ResizeInput, StartExecInput } from './exec.inputs.js';
import { toExec, toExecBody, toExecStartBody } from './exec.mapper.js';
import type { Exec, ExecOutput } from './exec.model.js';

/** Commands run in a container. An exec belongs to its container: whoever may not use that one does not see it. */
@Injectable()
export class ExecService {
  constructor(private readonly gate: Gate) {}

  async create(actor: Actor, { engine, id }: ContainerPath, input: CreateExecInput): Promise<Exec> {
    const handle = this.gate.as(actor).engine(engine);
    const { body } = await handle.json<{ Id: string }>('ContainerExec', {
      params: { id },
      body: toExecBody(input, await handle.apiVersion('ContainerExec')),
    });
    return this.get(actor, { engine, id: body.Id });
  }

  async get(actor: Actor, { engine, id }: ExecPath): Promise<Exec> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<ExecInspectInfo>('ExecInspect', { params: { id } });
    return toExec(engine, body);
  }

  /** Starts it and leaves it to itself. */
  async startDetached(actor: Actor, { engine, id }: ExecPath): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('ExecStart', { params: { id }, body: { Detach: true } });
  }

  /** Starts it without standard input and answers with what it writes, until it ends. */
  async start(
    actor: Actor,
    { engine, id }: ExecPath,
    input: StartExecInput,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ExecOutput>> {
    const handle = this.gate.as(actor).engine(engine);
    const body = toExecStartBody(input, await handle.apiVersion('ExecStart'));
    await requireNotStarted(handle, id);
    const terminal = await handle.terminal('ExecStart', { params: { id }, body, signal });
    terminal.input.end();
    return asText(terminal.output);
  }

  async resize(actor: Actor, { engine, id }: ExecPath, { width, height }: ResizeInput): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('ExecResize', { params: { id }, query: { w: width, h: height } });
  }
}

/**
 * The engine tells of a second start only in what would be the output of the command.
 *
 * @throws DomainError `conflict` for an exec that runs or has run
 */
export async function requireNotStarted(handle: EngineHandle, id: string): Promise<void> {
  const { body } = await handle.json<ExecInspectInfo>('ExecInspect', { params: { id } });
  if (body.Running || body.ExitCode !== null)
    throw new DomainError('conflict', `The exec ${id} was started already`);
}

/** Bytes as text; a character that is split over two pieces is put together. */
async function* asText(output: AsyncIterable<TerminalOutput>): AsyncGenerator<ExecOutput> {
  const decoders = {
    stdin: new TextDecoder(),
    stdout: new TextDecoder(),
    stderr: new TextDecoder(),
    console: new TextDecoder(),
  };
  for await (const { stream, data } of output) {
    const text = decoders[stream].decode(data, { stream: true });
    if (text !== '' && stream !== 'stdin') yield { stream, data: text };
  }
}
