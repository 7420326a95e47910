import type { Duplex } from 'node:stream';

/** Makes connections to one engine. What runs over them is HTTP/1.1, whatever the transport. */
export interface Dialer {
  /**
   * Starts a new connection; what is written before it stands is sent when it does. A connection that fails, or does not
   * stand in time, is destroyed with an error.
   *
   * @param options.allowHalfOpen whether the connection stays writable after the engine has ended its side
   */
  connect(options: { allowHalfOpen: boolean }): Duplex;

  /** Lets go of what connections share, after they are destroyed. */
  close(): Promise<void>;
}
