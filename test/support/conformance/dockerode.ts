import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Dockerode from 'dockerode';
import { plainEntry, TAR_END, tarHeader, tarPadding } from '../../../src/common/tar/tar-writer.js';

export type Steps = [step: string, result: unknown][];

/** What tells of a moment, of an address, or of other runs on the engine. */
const MOMENTARY =
  /^(Pid|Created|CreatedAt|StartedAt|FinishedAt|Start|End|time|timeNano|read|preread|SandboxKey|EndpointID|MacAddress|IPAddress|Gateway|Subnet|LastTagTime|SpaceReclaimed|Status|.*Path|GraphDriver|RootFS|Size|VirtualSize|.*_stats|networks|num_procs|OomKillDisable|Parent|Data|mtime)$/;
const IMAGE = 'busybox:latest';
const COMMAND = 'trap "exit 0" TERM; echo out; echo err >&2; while true; do sleep 0.1; done';

/**
 * Drives what dockerode offers against one engine. In what comes back, all that differs from run to run is replaced: two runs on
 * the same engine, by two ways, say the same.
 *
 * @param prefix of all names
 */
export async function dockerodeSteps(docker: Dockerode, prefix: string): Promise<Steps> {
  const steps: Steps = [];
  const labels = { prefix };
  const named = (what: string) => `${prefix}-${what}`;
  const step = async (name: string, work: () => Promise<unknown>) => {
    const result = await work().catch((error: unknown) => {
      const { statusCode, json } = error as { statusCode?: number; json?: unknown };
      if (statusCode === undefined) throw error;
      return { statusCode, json };
    });
    steps.push([name, plain(result, prefix)]);
  };
  const progress = (stream: NodeJS.ReadableStream) =>
    new Promise<unknown[]>((resolve, reject) =>
      docker.modem.followProgress(stream, (error, output: unknown[]) =>
        error ? reject(error) : resolve(output),
      ),
    );
  const split = async (stream: NodeJS.ReadableStream) => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    docker.modem.demuxStream(stream, out, err);
    stream.on('end', () => [out, err].forEach((one) => one.end()));
    return Promise.all([text(out), text(err)]);
  };

  await step('ping', async () => String(await docker.ping()));
  await step('info', async () => ((await docker.info()) as { Name: string }).Name);
  await step('build', async () =>
    progress(
      await docker.buildImage(
        archive({ Dockerfile: `FROM ${IMAGE}\nARG WHO\nRUN echo $WHO ${prefix} > /who\n` }),
        {
          t: named('built'),
          buildargs: { WHO: 'dockerode' },
          labels,
          rm: true,
          forcerm: true,
        },
      ),
    ),
  );
  await step('build that fails', async () =>
    progress(
      await docker.buildImage(archive({ Dockerfile: `FROM ${IMAGE}\nRUN exit 3\n` }), { rm: true }),
    ).catch((error: unknown) => (error as Error).message),
  );
  const image = docker.getImage(named('built'));
  await step('image', () => image.inspect());
  await step('history', async () =>
    ((await image.history()) as { CreatedBy: string }[]).map(({ CreatedBy }) => CreatedBy),
  );
  await step('tagged', () => image.tag({ repo: named('tagged'), tag: 'v1' }));
  await step('images', async () =>
    (await docker.listImages({ filters: { label: [`prefix=${prefix}`] } })).map(({ RepoTags }) =>
      RepoTags?.toSorted(),
    ),
  );
  await step('saved and loaded', async () => {
    const saved = await docker.getImage(`${named('tagged')}:v1`).get();
    return progress(await docker.loadImage(saved));
  });
  await step('image that is not there', () => docker.getImage(named('nothing')).inspect());
  await step('pull from where nobody is', () => docker.pull(`127.0.0.1:1/${prefix}:latest`));

  const network = await docker.createNetwork({
    Name: named('net'),
    Labels: labels,
    Internal: true,
    CheckDuplicate: true,
  });
  await step('network', () => network.inspect());
  await step('network of that name again', () =>
    docker.createNetwork({ Name: named('net'), CheckDuplicate: true }),
  );
  await docker.createVolume({ Name: named('volume'), Labels: labels });
  await step('volume', () => docker.getVolume(named('volume')).inspect());
  await step('volumes', () => docker.listVolumes({ filters: { name: [named('volume')] } }));

  const container = await docker.createContainer({
    name: named('main'),
    Image: IMAGE,
    Cmd: ['sh', '-c', COMMAND],
    Labels: labels,
    Env: ['A=1'],
    HostConfig: { Binds: [`${named('volume')}:/data`], NetworkMode: named('net'), Memory: 64 * 2 ** 20 },
  });
  await step('name that is taken', () => docker.createContainer({ name: named('main'), Image: IMAGE }));
  await step('started', () => container.start());
  await step('started again', () => container.start());
  await step('running', () => container.inspect());
  await step('listed', () => docker.listContainers({ filters: { label: [`prefix=${prefix}`] } }));
  await step('logs that follow', async () => {
    const stream = (await container.logs({ follow: true, stdout: true, stderr: false })) as Readable;
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    stream.destroy();
    return chunk.toString();
  });
  await step('stats', async () => Object.keys(await container.stats({ stream: false })).sort());
  await step(
    'top',
    async () => ((await container.top({ ps_args: '-o comm' })) as { Titles: unknown }).Titles,
  );
  await step('exec', async () => {
    const exec = await container.exec({
      Cmd: ['sh', '-c', 'echo a; echo b >&2; exit 5'],
      AttachStdout: true,
      AttachStderr: true,
    });
    const outputs = await split(await exec.start({}));
    return [outputs, (await exec.inspect()).ExitCode];
  });
  await step('exec with input', async () => {
    const exec = await container.exec({ Cmd: ['cat'], AttachStdin: true, AttachStdout: true });
    const stream = await exec.start({ hijack: true, stdin: true });
    stream.end('typed');
    return split(stream);
  });
  await step('put', () => container.putArchive(archive({ one: 'first' }), { path: '/tmp' }));
  await step('put nowhere', () => container.putArchive(archive({ one: 'first' }), { path: '/nowhere' }));
  await step('got', async () =>
    (await text(await container.getArchive({ path: '/tmp/one' }))).includes('first'),
  );
  await step('changes', async () =>
    ((await container.changes()) as { Path: string }[]).filter(({ Path }) => Path === '/tmp/one'),
  );
  await step('paused', () => container.pause());
  await step('unpaused', () => container.unpause());
  await step('updated', () => container.update({ CpuShares: 256 }));
  await step('renamed', () => container.rename({ name: named('renamed') }));
  await step('network in use', () => network.remove());
  await step('volume in use', () => docker.getVolume(named('volume')).remove());
  await step('committed', async () =>
    Object.keys((await container.commit({ repo: named('committed'), changes: 'LABEL a=b' })) as object),
  );
  await step('exported', async () => (await text(await container.export())).includes('bin/busybox'));
  const waited = container.wait();
  await step('stopped', () => container.stop());
  await step('waited', () => waited);
  await step('removed', () => container.remove({ v: true }));
  await step('container that is not there', () => container.inspect());

  await step('run', async () => {
    const output = new PassThrough();
    const said = text(output);
    const [outcome, ran] = (await docker.run(IMAGE, ['echo', 'said'], output, { Labels: labels })) as [
      object,
      Dockerode.Container,
    ];
    await ran.remove();
    output.end();
    return [outcome, await said];
  });
  await step('attached', async () => {
    const cat = await docker.createContainer({
      Image: IMAGE,
      Cmd: ['cat'],
      OpenStdin: true,
      StdinOnce: true,
      Labels: labels,
    });
    const stream = await cat.attach({ stream: true, stdin: true, stdout: true, hijack: true });
    await cat.start();
    stream.end('typed');
    const outputs = await split(stream);
    await cat.wait();
    await cat.remove();
    return outputs;
  });
  await step('volume removed', () => docker.getVolume(named('volume')).remove());
  await step('network removed', () => network.remove());
  await step('pruned', () => docker.pruneContainers({ filters: { label: [`prefix=${prefix}`] } }));
  for (const one of ['built', 'committed', 'tagged:v1'])
    await step(
      `${one} removed`,
      async () =>
        ((await docker.getImage(named(one)).remove()) as object[]).flatMap((entry) => Object.keys(entry))
          .length > 0,
    );
  return steps;
}

function archive(files: Readonly<Record<string, string>>): Readable {
  const entries = Object.entries(files).flatMap(([path, content]) => [
    tarHeader(plainEntry({ kind: 'file', path, size: content.length })),
    Buffer.from(content),
    tarPadding(content.length),
  ]);
  return Readable.from([Buffer.concat([...entries, TAR_END])]);
}

function plain(value: unknown, prefix: string): unknown {
  if (Buffer.isBuffer(value)) return plain(value.toString(), prefix);
  if (Array.isArray(value)) return value.map((one) => plain(one, prefix));
  if (typeof value === 'string')
    return value
      .replaceAll(prefix, '<prefix>')
      .replaceAll(/\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b/g, '<id>')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [
    plain(name, prefix),
    MOMENTARY.test(name) ? `<${typeof one}>` : plain(one, prefix),
  ]);
  return Object.fromEntries(entries) as unknown;
}
