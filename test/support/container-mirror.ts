import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Container } from '../../src/containers/container.model.js';
import type { ContainerChange } from '../../src/containers/container-change.model.js';
import type { TestActor, TestApp } from './app.js';

const PATH = '/api/v1/engines/local/containers?watch=true';

/** Follows the containers of the engine `local` by server-sent events, as a client does: what it was told is all it knows. */
export class ContainerMirror {
  /** What there is, as far as it was told, by id. */
  readonly containers = new Map<string, Container>();
  /** What was told, in order: the kind, and the id where there is one. */
  readonly told: { readonly kind: string; readonly id: string | null }[] = [];
  /** Why it had to give up, with what it was told last. */
  failure: string | undefined;
  /** How often it came back. */
  returns = 0;
  private lastEventId: string | undefined;
  private response: IncomingMessage | undefined;
  private over = false;
  private readonly following: Promise<void>;

  /** @param options.lastEventId what it pretends to have been told last */
  constructor(
    private readonly app: TestApp,
    private readonly actor: TestActor,
    { lastEventId }: { lastEventId?: string } = {},
  ) {
    this.lastEventId = lastEventId;
    this.following = this.follow();
  }

  /** Loses the connection. It comes back with the id of the last event. */
  lose(): void {
    this.response?.destroy();
  }

  async stop(): Promise<void> {
    this.over = true;
    this.lose();
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.over) {
      await this.once();
      this.returns += 1;
      await pause(20);
    }
  }

  /** Ends when the connection does. */
  private async once(): Promise<void> {
    const headers = {
      accept: 'text/event-stream',
      authorization: this.actor.authorization,
      ...(this.lastEventId === undefined ? {} : { 'last-event-id': this.lastEventId }),
    };
    const sent = request(`${this.app.url}${PATH}`, { headers, agent: false }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    this.response = response;
    if (response.statusCode !== 200) this.giveUp(`status ${String(response.statusCode)}`);
    const closed = once(response, 'close');
    response.on('error', () => undefined); // a lost connection is what it is for
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.hear(block);
    });
    await closed;
  }

  private hear(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    const data = fields.get('data');
    const event = fields.get('event');
    if (data === undefined || event === undefined) return; // a comment
    const id = fields.get('id');
    if (id !== undefined) this.lastEventId = id;
    if (event === 'error' || event === 'end') this.giveUp(block);
    else this.apply(JSON.parse(data) as ContainerChange);
  }

  private giveUp(reason: string): void {
    if (!this.over) this.failure = reason;
    this.over = true;
  }

  private apply({ kind, id, container }: ContainerChange): void {
    this.told.push({ kind, id });
    if (kind === 'reset') this.containers.clear();
    if (id === null) return;
    if (kind === 'removed') this.containers.delete(id);
    else if (container) this.containers.set(id, container);
  }
}
