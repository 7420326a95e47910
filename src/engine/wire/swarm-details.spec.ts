import { pipeline, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { OnlySwarmDetails } from './swarm-details.js';

const IDS = 'com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1';

function frame(text: string, type = 1): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function through(whole: Buffer, bytesAtATime = whole.length): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; at += bytesAtATime) pieces.push(whole.subarray(at, at + bytesAtATime));
  return buffer(Readable.from(pieces).pipe(new OnlySwarmDetails()));
}

describe('the details of a service’s log', () => {
  const TIME = '2026-01-02T03:04:05.000000001Z';
  const given = Buffer.concat([
    frame(`TOKEN=hunter2,${IDS},team=web one\n`),
    frame(`${TIME} ${IDS},x=%20y two TOKEN=shown by itself\n`, 2),
    frame(`com.docker.swarm.secret=a three\n`),
    frame('the engine is in trouble', 3),
    frame(` four\n`),
  ]);
  const expected = Buffer.concat([
    frame(`${IDS} one\n`),
    frame(`${TIME} ${IDS} two TOKEN=shown by itself\n`, 2),
    frame(` three\n`),
    frame('the engine is in trouble', 3),
    frame(` four\n`),
  ]);

  it.each([1, 3, 7, 64, 10_000])(
    'are those of the swarm only, where %d bytes come at a time',
    async (bytes) => {
      expect((await through(given, bytes)).toString()).toBe(expected.toString());
    },
  );

  it('are not passed on where a message has nothing else', async () => {
    expect((await through(frame('TOKEN=hunter2'))).toString()).toBe(frame('').toString());
  });

  it('end with an error where the engine ends in the middle, or tells of a line without end', async () => {
    const broken = (whole: Buffer) => {
      const cut = new OnlySwarmDetails();
      pipeline(Readable.from([whole]), cut, () => undefined);
      return buffer(cut);
    };
    await expect(broken(given.subarray(0, -1))).rejects.toMatchObject({ kind: 'engine_unavailable' });
    const long = frame('');
    long.writeUInt32BE(2 ** 31, 4);
    await expect(broken(long)).rejects.toMatchObject({ kind: 'engine_error' });
  });
});
