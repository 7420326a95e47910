import Dockerode from 'dockerode';
import type { IncomingMessage } from 'node:http';
import { connectionError, isConnectionLoss } from '../engine-errors.js';
import type { CallGuard } from './call-guard.js';
import type { EngineAgent } from './engine-agent.js';
import type { RequestHead } from './request-head.js';

/** As much of docker-modem as we use. */
interface Modem {
  dial(options: DialOptions, callback: (error: Error | null, answer: IncomingMessage | null) => void): void;
}

interface DialOptions {
  path: string;
  method: string;
  headers: Record<string, string>;
  file: Buffer | undefined;
  isStream: true;
  statusCodes: Readonly<Record<number, true>>;
  abortSignal: AbortSignal;
}

/** With every status a good one, the modem hands out the answer itself: its status, its headers, and its body unread. */
const EVERY_STATUS = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [at + 100, true] as const));

/** Calls whose request and answer are small and whole, through dockerode. */
export class PlainCaller {
  readonly #modem: Modem;

  constructor(
    private readonly engine: string,
    agent: EngineAgent,
  ) {
    // Each option is given, or dockerode takes it from the environment. The agent makes the connections, so where to is moot.
    const options: Dockerode.DockerOptions & { agent: EngineAgent } = {
      socketPath: 'engine',
      host: undefined,
      port: undefined,
      protocol: 'http',
      ca: undefined,
      cert: undefined,
      key: undefined,
      timeout: undefined,
      agent,
    };
    this.#modem = new Dockerode(options).modem as Modem;
  }

  /**
   * Sends a request and resolves with its answer, of whatever status, when the headers are there. A read that the engine
   * broke off before it answered is sent once more: it may have met a kept connection just as the engine closed it.
   *
   * @param makeHead asked again before the second time: the engine may have been replaced by one of another version
   * @throws DomainError when the connection fails or `guard` ends the call, and what `makeHead` throws
   */
  async send(
    makeHead: () => Promise<RequestHead>,
    body: Buffer | undefined,
    guard: CallGuard,
  ): Promise<IncomingMessage> {
    const head = await makeHead();
    try {
      return await this.#sendOnce(head, body, guard);
    } catch (error) {
      const reads = head.method === 'GET' || head.method === 'HEAD';
      if (!reads || guard.signal.aborted || !isConnectionLoss(error)) throw error;
      return await this.#sendOnce(await makeHead(), body, guard);
    }
  }

  #sendOnce(head: RequestHead, body: Buffer | undefined, guard: CallGuard): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const dial: DialOptions = {
        // The modem drops the last character of a path with a query, where dockerode's own paths end in "?".
        path: head.path.includes('?') ? `${head.path}?` : head.path,
        method: head.method,
        headers: head.headers,
        file: body,
        isStream: true,
        statusCodes: EVERY_STATUS,
        abortSignal: guard.signal,
      };
      this.#modem.dial(dial, (error, answer) => {
        if (answer !== null) resolve(answer);
        else
          reject(guard.signal.aborted ? (guard.signal.reason as Error) : connectionError(this.engine, error));
      });
    });
  }
}
