import { randomUUID } from 'node:crypto';
import type { TestActor, TestApp } from './app.js';
import { eventually } from './eventually.js';
import type { PrivateEngine } from './private-engine.js';
import { sharedEngine } from './shared-peers.js';
import type { Job } from '../../src/jobs/job.model.js';
import type { Image, ImageDetails } from '../../src/images/image.model.js';

/** An image made for a test. */
export interface MadeImage {
  readonly id: string;
  /** Its name with its tag. */
  readonly name: string;
}

/**
 * The images of one test file, on the shared engine unless told otherwise: made on the engine itself, all with a label of their own, so that files
 * that run at the same time leave each other's alone.
 */
export class TestImages {
  readonly path = '/api/v1/engines/local/images';
  readonly suite = `suite-${randomUUID().slice(0, 8)}`;

  constructor(
    private readonly app: TestApp,
    private readonly admin: TestActor,
    readonly engine: PrivateEngine = sharedEngine(),
  ) {}

  /** A repository that no other test uses. */
  repository(what = 'app'): string {
    return `${this.suite}/${what}-${randomUUID().slice(0, 8)}`;
  }

  /** An image by `name`, whose id differs from every other's. It is in Dockmaster's memory when this resolves. */
  async make(
    name: string,
    { labels = {}, changes = [] }: { labels?: Record<string, string>; changes?: string[] } = {},
  ): Promise<MadeImage> {
    const all = { ...labels, suite: this.suite, made: randomUUID() };
    const tagged = name.includes(':') ? name : `${name}:latest`;
    await this.engine.importBusybox(tagged, {
      changes: [
        'CMD ["sh"]',
        ...Object.entries(all).map(([key, value]) => `LABEL ${key}=${value}`),
        ...changes,
      ],
    });
    const id = await this.idOf(tagged);
    await eventually(
      () => this.listed(`suite=${this.suite}`),
      (images) => images.some((image) => image.id === id && image.tags.includes(tagged)),
    );
    return { id, name: tagged };
  }

  private async listed(label: string): Promise<Image[]> {
    const answer = await this.app.rest(this.admin).get(this.path).query({ label }).expect(200);
    return (answer.body as { items: Image[] }).items;
  }

  /** What the engine itself says. @throws Error where there is none */
  async idOf(reference: string): Promise<string> {
    const { text } = await this.engine.call('GET', `/images/${reference}/json`);
    return (JSON.parse(text) as { Id: string }).Id;
  }

  async has(reference: string): Promise<boolean> {
    const { text } = await this.engine.call('GET', '/images/json?all=1');
    const images = JSON.parse(text) as { Id: string; RepoTags: string[] | null }[];
    return images.some(({ Id, RepoTags }) => Id === reference || RepoTags?.includes(reference) === true);
  }

  /** Of one image: its name as a path has it. */
  at(reference: string): string {
    return `${this.path}/${encodeURIComponent(reference)}`;
  }

  async get(actor: TestActor, reference: string): Promise<ImageDetails> {
    return (await this.app.rest(actor).get(this.at(reference)).expect(200)).body as ImageDetails;
  }

  /** A job that has ended, started by a POST to a path below `…/images`. */
  async job(actor: TestActor, path: string, body: object = {}): Promise<Job> {
    const started = await this.app.rest(actor).post(`${this.path}/${path}`).send(body).expect(202);
    return this.ended(actor, (started.body as Job).id);
  }

  /** The same, with an archive as its body. */
  async uploadJob(actor: TestActor, path: string, archive: Buffer): Promise<Job> {
    const started = await this.app
      .rest(actor)
      .post(`${this.path}/${path}`)
      .set('content-type', 'application/x-tar')
      .send(archive)
      .expect(202);
    return this.ended(actor, (started.body as Job).id);
  }

  async ended(actor: TestActor, id: string): Promise<Job> {
    return eventually(
      async () => (await this.app.rest(actor).get(`/api/v1/jobs/${id}`).expect(200)).body as Job,
      ({ finishedAt }) => finishedAt !== null,
    );
  }

  /** Removes, on the engine itself, whatever carries this file's label, and what was made of it. */
  async removeAll(): Promise<void> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`suite=${this.suite}`] }));
    const containers = await this.engine.call('GET', `/containers/json?all=1&filters=${filters}`);
    for (const { Id } of JSON.parse(containers.text) as { Id: string }[])
      await this.engine.call('DELETE', `/containers/${Id}?force=1&v=1`);
    // What was built upon another goes first, with what failed builds have left.
    for (let left = await this.ids(filters); left.length > 0; left = await this.ids(filters)) {
      const removed = await Promise.allSettled(
        left.map((id) => this.engine.call('DELETE', `/images/${id}?force=1`)),
      );
      const failures = removed.filter((outcome) => outcome.status === 'rejected');
      if (failures.length === left.length && (await this.ids(filters)).length === left.length)
        throw failures[0]?.reason;
    }
  }

  private async ids(filters: string): Promise<string[]> {
    const { text } = await this.engine.call('GET', `/images/json?all=1&filters=${filters}`);
    return (JSON.parse(text) as { Id: string }[]).map(({ Id }) => Id);
  }
}
