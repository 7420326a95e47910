import { randomUUID } from 'node:crypto';
import type { PrivateEngine } from './private-engine.js';

/** What an image made for a test adds to busybox. */
export interface TestImage {
  /** Path without a leading slash → content; mode 0755, so a script can be run. */
  files?: Record<string, string | Buffer>;
  /** Dockerfile instructions, such as `CMD ["/serve"]`, `ENV A=b`, `LABEL a=b`, `EXPOSE 80`, `HEALTHCHECK …`. */
  changes?: string[];
}

/** Imports an image under a name of its own. @returns its reference; the caller removes it with `removeImage` */
export async function importTestImage(engine: PrivateEngine, image: TestImage = {}): Promise<string> {
  const reference = `test-${randomUUID().slice(0, 8)}:latest`;
  await engine.importBusybox(reference, image);
  return reference;
}

/** Removes an image and whatever container still uses it. */
export async function removeImage(engine: PrivateEngine, reference: string): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ ancestor: [reference] }));
  const { text } = await engine.call('GET', `/containers/json?all=1&filters=${filters}`);
  for (const { Id } of JSON.parse(text) as { Id: string }[])
    await engine.call('DELETE', `/containers/${Id}?force=1&v=1`);
  await engine.call('DELETE', `/images/${encodeURIComponent(reference)}?force=1`);
}
