import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { operation, type OperationId } from '../gate/operations.js';
import { readDoorBody, readUpTo, requirePlainHead } from './request-body.js';

const request = (method: string, ...rawHeaders: string[]) => {
  const headers: Record<string, string> = {};
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers[rawHeaders[at]?.toLowerCase() ?? ''] ??= rawHeaders[at + 1] ?? '';
  return { method, headers, rawHeaders } as unknown as IncomingMessage;
};
const body = (
  id: OperationId,
  text: string,
  type = 'application/json',
  parameters: readonly string[] = [],
) => {
  const bytes = Buffer.from(text);
  const incoming = request('POST', 'Content-Type', type, 'Content-Length', String(bytes.length));
  const read = (maxBytes: number) => readUpTo(Readable.from([bytes]), maxBytes);
  return readDoorBody(operation(id), incoming, new Set(parameters), read, 100);
};

describe('the head of a request', () => {
  it.each([
    ['GET', 'Host', 'a', 'Authorization', 'b'],
    ['POST', 'Content-Length', '5', 'Content-Type', 'application/json; charset=utf-8'],
    ['POST', 'Transfer-Encoding', 'Chunked', 'Content-Encoding', 'identity'],
    ['GET', 'Content-Length', '0'],
  ])('is plain: %s %s %s', (method, ...headers) => {
    expect(() => requirePlainHead(request(method, ...headers))).not.toThrow();
  });

  it.each([
    ['POST', 'Authorization', 'a', 'authorization', 'b'],
    ['POST', 'Host', 'a', 'Host', 'a'],
    ['POST', 'Transfer-Encoding', 'gzip, chunked'],
    ['POST', 'Content-Encoding', 'gzip'],
    ['POST', 'Content-Type', 'Multipart/Form-Data; boundary=a'],
    ['GET', 'Content-Length', '1'],
    ['DELETE', 'Transfer-Encoding', 'chunked'],
  ])('is refused: %s %s %s', (method, ...headers) => {
    expect(() => requirePlainHead(request(method, ...headers))).toThrow();
  });
});

describe('the body of a request', () => {
  it('is nothing, or as good as nothing, where the operation has none', async () => {
    for (const text of ['', 'null', '{}', ' {} \n']) expect(await body('ContainerStart', text)).toEqual({});
    for (const text of ['{"a":1}', '[]', '{"Privileged":true,"Binds":["/:/h"]}'])
      await expect(body('ContainerStart', text)).rejects.toMatchObject({ kind: 'invalid_input' });
  });

  it('is JSON of the shape that the operation has', async () => {
    expect(await body('ExecStart', '{"Detach":true}')).toEqual({ body: { Detach: true } });
    expect(await body('PluginSet', '["A=b"]')).toEqual({ body: ['A=b'] });
    expect(await body('ImageCommit', 'null')).toEqual({});
    for (const text of ['{"detach":true}', '{"Detach":"true"}', '[]', '{"Detach":true,"Detach":false}'])
      await expect(body('ExecStart', text)).rejects.toMatchObject({ kind: 'invalid_input' });
    await expect(body('ExecStart', '{}', 'text/plain')).rejects.toThrow('unsupported Content-Type');
  });

  describe('that says again what the query says', () => {
    const again = (id: OperationId, sent: object, ...parameters: string[]) =>
      body(id, JSON.stringify(sent), 'application/json', parameters);

    it('is nothing where the operation has none', async () => {
      expect(await again('ContainerStop', { t: 5 }, 't')).toEqual({ saidTwice: new Set(['t']) });
      const attach = { stream: true, hijack: true };
      expect(await again('ContainerAttach', attach, 'stream', 'hijack')).toEqual({
        saidTwice: new Set(['stream', 'hijack']),
      });
    });

    it('is refused for what it says besides', async () => {
      for (const sent of [{ t: 5, Binds: [] }, { T: 5 }])
        await expect(again('ContainerStop', sent, 't')).rejects.toMatchObject({ kind: 'invalid_input' });
    });

    it('has the fields of the operation, and the query its parameters', async () => {
      const sent = { repo: 'a', Labels: { b: 'c' } };
      expect(await again('ImageCommit', sent, 'repo', 'Labels')).toEqual({
        body: { Labels: { b: 'c' } },
        saidTwice: new Set(['repo', 'Labels']),
      });
      await expect(again('ImageCommit', sent)).rejects.toMatchObject({ kind: 'invalid_input' });
    });
  });

  it('may have an empty list where engines of old had those to take volumes from, and no other', async () => {
    const create = (sent: object) => body('ContainerCreate', JSON.stringify(sent));
    expect(await create({ Image: 'a', VolumesFrom: [] })).toEqual({ body: { Image: 'a' } });
    const sent = { Image: 'a', VolumesFrom: ['other'] };
    expect(await create(sent)).toEqual({ body: sent }); // which the gate refuses
  });

  it('is read no further than is allowed', async () => {
    await expect(body('ContainerCreate', JSON.stringify({ Image: 'a'.repeat(200) }))).rejects.toMatchObject({
      kind: 'payload_too_large',
    });
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024);
      })(),
    );
    await expect(readUpTo(endless, 10_000)).rejects.toMatchObject({ kind: 'payload_too_large' });
    endless.destroy();
  });

  it('is passed on where it is an archive', async () => {
    expect(Object.keys(await body('ImageLoad', 'tar', 'application/x-tar'))).toEqual(['upload']);
  });
});
