import { DomainError } from '../common/errors.js';
import type { EngineConnection } from './engine-connection.js';

/** The connection to an engine that can't be called, and says why to whoever tries. */
export class UnusableConnection implements EngineConnection {
  /** @param reason shown to callers: it must hold no secret */
  constructor(
    readonly name: string,
    private readonly reason: string,
  ) {}

  json = () => this.refuse();
  bytes = () => this.refuse();
  stream = () => this.refuse();
  hijack = () => this.refuse();
  apiVersion = () => this.refuse();
  ping = () => this.refuse();

  async close(): Promise<void> {
    // There is nothing to close.
  }

  private refuse(): Promise<never> {
    return Promise.reject(
      new DomainError('engine_unavailable', `Engine "${this.name}" cannot be used: ${this.reason}`),
    );
  }
}
