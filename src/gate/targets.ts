import { Injectable } from '@nestjs/common';
import type { ExecInspectInfo } from 'dockerode';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import type { Operation } from '../engine/operations/index.js';
import { type ContainerFacts, ContainerFinder, type FindOptions } from './container-finder.js';

/** The object that a call names, resolved once to its full id: the decision and the call are about that id. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
  /** The container that it is, or belongs to; undefined for kinds whose labels and owner the gate does not know yet. */
  readonly container?: ContainerFacts;
  /** Whether its process has a terminal: its output is then one raw stream, not several in frames. */
  readonly tty?: boolean;
}

@Injectable()
export class TargetResolver {
  constructor(private readonly containers: ContainerFinder) {}

  /** @returns undefined where the object does not exist, or the operation names none */
  async resolve(
    connection: EngineConnection,
    operation: Operation,
    reference: string,
    options: FindOptions,
  ): Promise<Target | undefined> {
    switch (operation.target) {
      case 'container': {
        const container = await this.containers.find(connection, reference, options);
        return (
          container && {
            kind: 'container',
            id: container.id,
            name: container.name,
            container,
            tty: container.tty,
          }
        );
      }
      case 'exec':
        return this.exec(connection, reference, options);
      default:
        return { kind: operation.target, id: reference };
    }
  }

  /** An exec is nothing of its own: it belongs to its container, and whoever may use that one. */
  private async exec(
    connection: EngineConnection,
    id: string,
    options: FindOptions,
  ): Promise<Target | undefined> {
    try {
      const { body } = await connection.json<ExecInspectInfo>('ExecInspect', {
        params: { id },
        ...(options.signal ? { signal: options.signal } : {}),
      });
      const container = await this.containers.find(connection, body.ContainerID, options);
      return (
        container && {
          kind: 'exec',
          id: body.ID,
          name: container.name,
          container,
          tty: body.ProcessConfig.tty,
        }
      );
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return undefined;
      throw error;
    }
  }
}
