import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from './support/app.js';
import { DoorClient } from './support/door-client.js';

describe('smoke', () => {
  let app: TestApp;
  let docker: DoorClient;
  beforeAll(async () => {
    app = await TestApp.start();
    docker = await DoorClient.of(app.url, await app.admin());
  });
  afterAll(async () => {
    await docker.remove();
    await app.stop();
  });
  it('works', async () => {
    const show = async (args: string[], input?: string | Buffer) => {
      const t = performance.now();
      const o = await docker.run(args, input === undefined ? {} : { input });
      process.stderr.write(
        `### ${args.join(' ')} -> ${o.code} (${Math.round(performance.now() - t)}ms)\n${o.stdout.slice(0, 500)}${o.stderr.slice(0, 800)}\n`,
      );
      return o;
    };
    await show(['version']);
    await show(['ps', '-a']);
    await show(['run', '--rm', 'busybox', 'echo', 'hello']);
    await show(['run', '--rm', '-i', 'busybox', 'cat'], 'some input');
    await show(['run', '-d', '--name', 'smoke', 'busybox', 'sh', '-c', 'echo started; exec sleep 1000']);
    await show(['exec', 'smoke', 'echo', 'in exec']);
    await show(['exec', '-i', 'smoke', 'cat'], Buffer.alloc(100000, 'x'));
    await show(['exec', '-d', 'smoke', 'true']);
    await show(['logs', 'smoke']);
    await show(['cp', 'smoke:/etc/passwd', '/tmp/door-smoke-passwd']);
    await show(['cp', '/tmp/door-smoke-passwd', 'smoke:/tmp/x']);
    await show(['stats', '--no-stream', 'smoke']);
    await show(['top', 'smoke']);
    await show(['events', '--since', '1h', '--until', '0s', '--filter', 'container=smoke']);
    await show(['inspect', 'smoke', '--format', '{{.Id}}']);
    await show(['commit', 'smoke', 'smoke-image:v1']);
    await show(['save', 'smoke-image:v1', '-o', '/tmp/door-smoke.tar']);
    await show(['load', '-i', '/tmp/door-smoke.tar']);
    await show(['history', 'smoke-image:v1']);
    await show(['rmi', 'smoke-image:v1']);
    await show(['build', '-t', 'smoke-built', '-'], 'FROM busybox\nRUN echo built > /x\n');
    await show(['import', '-', 'smoke-imported:x'], Buffer.alloc(10240));
    await show(['network', 'create', 'smoke-net']);
    await show(['network', 'connect', 'smoke-net', 'smoke']);
    await show(['network', 'inspect', 'smoke-net']);
    await show(['rm', '-f', 'smoke']);
    await show(['network', 'rm', 'smoke-net']);
    await show(['volume', 'create', 'smoke-vol']);
    await show(['volume', 'ls']);
    await show(['volume', 'rm', 'smoke-vol']);
    await show(['info']);
    await show(['system', 'df']);
    await show(['rmi', 'smoke-built', 'smoke-imported:x']);
    await show(['pull', 'nosuch.example/x']);
    await show(['run', '--rm', 'busybox', 'nosuchcommand']);
    await show(['inspect', 'nosuch']);
    await show(['container', 'prune', '-f', '--filter', 'label=x']);
    expect(1).toBe(1);
  }, 100_000);
});
