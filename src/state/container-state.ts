import { Injectable } from '@nestjs/common';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';

/** What is known of a container: the gate decides by it, reads are answered from it. */
export interface ContainerFacts {
  /** The full id. */
  readonly id: string;
  /** Without the engine's leading slash. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it has a terminal: its output is then one raw stream. */
  readonly tty: boolean;
  /** The engine's own document of `ContainerInspect`. */
  readonly document: ContainerInspectInfo;
}

/**
 * Where reads of containers come from. Every read asks the engine: an answer is never older than the question. The list
 * is in the order of the engine, newest first.
 */
@Injectable()
export class ContainerState {
  /** @param reference full id, name or unambiguous id prefix, in the engine's own order of precedence */
  async find(
    connection: EngineConnection,
    reference: string,
    signal?: AbortSignal,
  ): Promise<ContainerFacts | undefined> {
    try {
      const { body } = await connection.json<ContainerInspectInfo>('ContainerInspect', {
        params: { id: reference },
        ...(signal ? { signal } : {}),
      });
      return toFacts(body);
    } catch (error) {
      // Of several that begin so, none is named; to say so would tell of those that the caller may not see.
      if (
        error instanceof DomainError &&
        (error.kind === 'not_found' || /multiple IDs found/i.test(error.message))
      ) {
        return undefined;
      }
      throw error;
    }
  }

  /** All containers, stopped ones too. `size` makes the engine measure their files, which takes it long. */
  async list(
    connection: EngineConnection,
    { size = false, signal }: { size?: boolean; signal?: AbortSignal } = {},
  ): Promise<ContainerInfo[]> {
    const { body } = await connection.json<ContainerInfo[]>('ContainerList', {
      query: { all: true, ...(size ? { size } : {}) },
      ...(signal ? { signal } : {}),
    });
    return body;
  }
}

function toFacts(document: ContainerInspectInfo): ContainerFacts {
  return {
    id: document.Id,
    name: document.Name.replace(/^\//, ''),
    labels: orEmpty(document.Config.Labels),
    tty: document.Config.Tty,
    document,
  };
}

/** The engine writes null where there are no labels, whatever its types say. */
function orEmpty(labels: Readonly<Record<string, string>> | null): Readonly<Record<string, string>> {
  return labels ?? {};
}
