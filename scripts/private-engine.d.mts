import type { ChildProcess, SpawnOptions } from 'node:child_process';

export interface PrivateEngineOptions {
  /** The host name inside, and so the engine's own name; lower case letters, digits and `-`. Default `engine`. */
  name?: string;
  /** Where its data is kept between runs. Default: a temporary directory that goes when the engine ends. */
  directory?: string;
  /** `owner` (default): ends with this process, however that ends. `detached`: runs until `stop()`. */
  lifetime?: 'owner' | 'detached';
  /** `private` (default): a network of its own, from which nothing outside is reached. `host`: pulls and published ports work. */
  network?: 'private' | 'host';
  /** `host` (default): as on the host. 2: cgroup v2 also on a v1 host, there without limits and with counters that stay 0. */
  cgroupVersion?: 'host' | 2;
  /** Further flags for dockerd. */
  flags?: string[];
  /** How long to wait for the first answer, in ms. Default 60 000. */
  timeoutMs?: number;
  /** Told now and then what is being waited for. */
  onProgress?: (what: string) => void;
}

/**
 * A real Docker Engine of our own, apart from every other on the machine (own namespaces, socket, data, cgroup, containerd).
 * Needs root and Debian's docker.io. Whatever is killed in whatever order, nothing of it outlives it.
 */
export class PrivateEngine {
  /** @throws Error with the last lines of the engine's log when it does not answer in time */
  static start(options?: PrivateEngineOptions): Promise<PrivateEngine>;

  /** The running engine whose directory this is, also when another process started it; undefined if there is none. */
  static adopt(directory: string): PrivateEngine | undefined;

  readonly name: string;
  /** Holds its data, its log and what `adopt` needs. */
  readonly directory: string;
  readonly socketPath: string;
  /** As a value for DOCKER_HOST. */
  readonly dockerHost: string;
  /** Process 1 of its sandbox, as seen from outside: `/proc/<pid>/ns/net` is its network namespace. */
  readonly initPid: number;
  /** The dockerd process, as seen from outside; undefined when none was ever ready. */
  readonly daemonPid: number | undefined;

  /** Whether it answers now. */
  isReady(): Promise<boolean>;

  /** Waits until it answers; starts dockerd again if that has ended, and leaves alone what runs. */
  ensureReady(options?: Pick<PrivateEngineOptions, 'timeoutMs' | 'onProgress'>): Promise<void>;

  /** `kill -9` of dockerd. Containers go on, as they do on a real host; `restart()` brings it back. */
  kill(): Promise<void>;

  /** Ends dockerd in order if it runs, then starts it on the same data. It stops the containers, as dockerd does without live restore. */
  restart(options?: Pick<PrivateEngineOptions, 'timeoutMs' | 'onProgress'>): Promise<void>;

  /**
   * Ends everything. Graceful (default when a directory was given): containers are stopped first; otherwise all ends at once.
   */
  stop(options?: { graceful?: boolean }): Promise<void>;

  /** A process in the engine's namespaces, for peers that it reaches by loopback; it ends with the engine at the latest. */
  spawn(command: string, args: string[], options?: SpawnOptions): ChildProcess;

  /**
   * Imports an image made from the machine's static busybox.
   * @param reference default `busybox:latest`
   * @param image files to add (path without a leading slash → content, mode 0755) and Dockerfile instructions
   *   (CMD, ENTRYPOINT, ENV, LABEL, EXPOSE, USER, VOLUME, WORKDIR, HEALTHCHECK); default `CMD ["sh"]`
   */
  importBusybox(
    reference?: string,
    image?: { files?: Record<string, string | Buffer>; changes?: string[] },
  ): Promise<void>;

  /** One plain Engine API call, straight to the engine. @throws Error on a status of 400 or more */
  call(
    method: string,
    path: string,
    request?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<{ status: number; text: string }>;

  /** The last 64 KiB of its log. */
  logs(): string;
}
