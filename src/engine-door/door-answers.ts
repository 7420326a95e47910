import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { OperationId } from '../gate/operations.js';
import { passedOn } from './answer-headers.js';
import { withServedVersions } from './client-version.js';
import type { DoorCall } from './door-call.js';
import { DoorPrunes } from './door-prunes.js';
import { requireReadableFilters } from './event-filters.js';
import { listOfPart } from './lists-of-part.js';

/** Streams whose body is a sequence of JSON values that may tell of a failure. */
const PROGRESS = [
  'ImageBuild',
  'ImageCreate',
  'ImageLoad',
  'ImagePush',
  'PluginPull',
  'PluginPush',
  'PluginUpgrade',
] as const satisfies readonly OperationId[];

const JSON_TYPE = 'application/json';

/** Sends the answers of calls that are no upgrade. */
@Injectable()
export class DoorAnswers {
  constructor(private readonly prunes: DoorPrunes) {}

  async answer(call: DoorCall, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const { operation } = call;
    const progress = PROGRESS.find((id) => id === operation.id);
    if (progress !== undefined) return answerProgress(call, progress, response, signal);
    if (operation.id === 'SystemPing' || operation.id === 'SystemPingHead') return answerPing(call, response);
    if (operation.id === 'SystemVersion') return answerVersion(call, response);
    if (operation.id === 'SystemEvents') return answerEvents(call, response, signal);
    if (operation.nature === 'stream') return answerStream(call, response, signal);
    const ofPart = (await this.prunes.ofPart(call)) ?? (await listOfPart(call));
    if (ofPart === undefined) return answerPlain(call, response);
    send(response, 200, { 'content-type': JSON_TYPE }, Buffer.from(`${JSON.stringify(ofPart)}\n`));
  }
}

export async function answerPlain(
  { engine, operation, request }: DoorCall,
  response: ServerResponse,
): Promise<void> {
  const { status, headers, body } = await engine.bytes(operation.id, request);
  send(response, status, passedOn(headers), body);
}

/** What waits for the engine takes its bytes as they come; the head goes first, since clients wait for it. */
async function answerStream(
  { engine, operation, request }: DoorCall,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { status, headers, body } = await engine.stream(operation.id, { ...request, signal });
  begin(response, status, passedOn(headers));
  await pass(body, response);
}

/** The engine's own words, each again as one line. */
async function answerProgress(
  { engine, request }: DoorCall,
  id: (typeof PROGRESS)[number],
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const messages = await engine.messages(id, { ...request, signal });
  begin(response, 200, { 'content-type': JSON_TYPE });
  for await (const message of messages) await write(response, `${JSON.stringify(message)}\r\n`);
  response.end();
}

async function answerEvents(call: DoorCall, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { engine, request } = call;
  await requireReadableFilters(call);
  const { headers, texts } = await engine.eventTexts(request.query ?? {}, signal);
  begin(response, 200, passedOn(headers));
  for await (const text of texts) await write(response, `${text}\n`);
  response.end();
}

async function answerPing({ engine, operation, spoken }: DoorCall, response: ServerResponse): Promise<void> {
  const { osType, builderVersion, swarm, experimental } = await engine.ping();
  const body = operation.id === 'SystemPing' ? Buffer.from('OK') : Buffer.alloc(0);
  send(
    response,
    200,
    {
      'api-version': spoken,
      'docker-experimental': String(experimental),
      ...(osType === undefined ? {} : { ostype: osType }),
      ...(builderVersion === undefined ? {} : { 'builder-version': builderVersion }),
      ...(swarm === undefined ? {} : { swarm }),
      'cache-control': 'no-cache, no-store, must-revalidate',
      pragma: 'no-cache',
      'content-type': 'text/plain; charset=utf-8',
    },
    body,
  );
}

async function answerVersion({ engine, spoken }: DoorCall, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await engine.json<object>('SystemVersion');
  const bytes = Buffer.from(`${JSON.stringify(withServedVersions(body, spoken))}\n`);
  send(response, status, passedOn(headers), bytes);
}

/** A whole answer. */
export function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Buffer,
): void {
  const hasBody = status !== 204 && status !== 304 && response.req.method !== 'HEAD';
  response.writeHead(status, { ...headers, ...(hasBody ? { 'content-length': body.length } : {}) });
  response.end(hasBody ? body : undefined);
}

function begin(response: ServerResponse, status: number, headers: OutgoingHttpHeaders): void {
  response.writeHead(status, headers);
  response.flushHeaders();
}

/** @throws what the source fails with, also where the reader is gone */
export async function pass(source: Readable, response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    source.once('error', reject);
    response.once('close', () => {
      source.destroy();
      resolve();
    });
    source.pipe(response);
  });
}

/** No faster than it is read: a slow client slows the engine, it does not fill our memory. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.write(text) || response.destroyed) return;
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    await once(response, 'drain', { signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    response.off('close', leave);
  }
}
