import { randomUUID } from 'node:crypto';
import Dockerode, { type ContainerInspectInfo } from 'dockerode';
import type { CreateContainerInput } from '../../src/containers/container-create.inputs.js';
import type { ContainerDetails } from '../../src/containers/container-details.model.js';
import type { TestActor, TestApp } from './app.js';
import { eventually } from './eventually.js';
import { sharedEngine } from './shared-peers.js';

/** A main process that says `ready` and goes on until it is told to stop; then it ends at once with 0. */
export const UNTIL_STOPPED = ['sh', '-c', "trap 'exit 0' TERM; echo ready; sleep 600 & wait"];

/**
 * The containers of one test file on the shared engine: made through Dockmaster, looked at on the engine itself. All
 * carry a label of their own, so that files that run at the same time leave each other's alone.
 */
export class TestContainers {
  readonly path = '/api/v1/engines/local/containers';
  readonly engine = new Dockerode({ socketPath: sharedEngine().socketPath });
  readonly labels = { suite: `suite-${randomUUID().slice(0, 8)}` };
  /** The same as a label selector. */
  readonly selector = `suite=${this.labels.suite}`;

  constructor(
    private readonly app: TestApp,
    private readonly actor: TestActor,
  ) {}

  /** A name that no other test uses. */
  name(what = 'test'): string {
    return `${what}-${randomUUID().slice(0, 8)}`;
  }

  /** A container that was never started. */
  create(options: Partial<CreateContainerInput> = {}): Promise<ContainerDetails> {
    return this.make('', options);
  }

  /** A container that runs until it is stopped, unless the options say otherwise. */
  run(options: Partial<CreateContainerInput> = {}): Promise<ContainerDetails> {
    return this.make('/run', options);
  }

  /** What the engine itself says of it. */
  inspect(reference: string): Promise<ContainerInspectInfo> {
    return this.engine.getContainer(reference).inspect();
  }

  /** Resolves once the engine's log of it holds the text. Before it is up, process 1 of a container ignores signals. */
  async said(reference: string, text: string): Promise<void> {
    const container = this.engine.getContainer(reference);
    await eventually(
      async () => (await container.logs({ stdout: true, stderr: true })).toString(),
      (log) => log.includes(text),
    );
  }

  /** What the engine itself lists of this file's. */
  async onEngine(): Promise<Dockerode.ContainerInfo[]> {
    return this.engine.listContainers({ all: true, filters: { label: [this.selector] } });
  }

  async exists(reference: string): Promise<boolean> {
    const found = await this.engine.listContainers({ all: true });
    return found.some(({ Id, Names }) => Id === reference || Names.includes(`/${reference}`));
  }

  /** Removes, on the engine itself, whatever carries this file's label. */
  async removeAll(): Promise<void> {
    for (const { Id } of await this.onEngine())
      await this.engine.getContainer(Id).remove({ force: true, v: true });
  }

  private async make(action: string, options: Partial<CreateContainerInput>): Promise<ContainerDetails> {
    const response = await this.app
      .rest(this.actor)
      .post(`${this.path}${action}`)
      .send({
        image: 'busybox',
        command: UNTIL_STOPPED,
        ...options,
        labels: { ...options.labels, ...this.labels },
      });
    if (response.status !== 201) throw new Error(`not made: ${response.text}`);
    return response.body as ContainerDetails;
  }
}
