import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import { DomainError } from '../../../src/common/errors.js';
import { runInRequestContext } from '../../../src/common/request-context.js';
import type { EngineRequest } from '../../../src/engine/engine-connection.js';
import type { Operation } from '../../../src/engine/operations/index.js';
import type { EngineHandle } from '../../../src/gate/engine-handle.js';
import { Gate } from '../../../src/gate/gate.js';
import { eventually } from '../eventually.js';
import { HttpStream, type StreamType } from '../http-stream.js';
import { subscribe } from '../subscriptions.js';
import { TerminalClient } from '../terminal-client.js';
import { documentFor, type Field, type Route } from './endpoints.js';
import type { Answer, EngineSample, GraphqlSample, RestSample } from './sample.js';
import type { Call } from './scene.js';

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
};
const DONE = { code: undefined, text: '' } as const;

let addresses = 0;

export async function callRoute({ method, path }: Route, sample: RestSample, call: Call): Promise<Answer> {
  const { app } = call.scene;
  const given: Readonly<Record<string, string>> = { engine: 'local', ...(await sample.path?.(call)) };
  const url = path.replace(
    /\{(\w+)\}|\*/g,
    (parameter, name: string | undefined) => given[name ?? parameter] ?? '',
  );
  if (method === 'WS') return url === '/graphql' ? greet(call) : openTerminal(url, call);
  const query = await sample.query?.(call);
  if (sample.stream) return follow(`${app.url}${url}`, sample, sample.stream, call);
  const token = await sample.with?.(call);
  const actor = call.actor && { ...call.actor, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const request = app.rest(actor)[method.toLowerCase() as 'get'](url);
  // Each from an address of its own: what is refused on purpose must not throttle the next.
  void request.set('x-forwarded-for', `10.0.${Math.floor(++addresses / 256)}.${addresses % 256}`);
  if (query) void request.query(query);
  if (sample.headers) void request.set(sample.headers);
  if (sample.archive) void request.set('content-type', 'application/x-tar');
  const answer = await request.send(sample.archive ? '' : await sample.body?.(call));
  const { text = '' } = answer as { text?: string }; // none where it is no text
  return toAnswer(answer.status, text);
}

export async function callField(
  field: Field,
  sample: GraphqlSample,
  call: Call,
  clientOf: (call: Call) => Client,
): Promise<Answer> {
  const { app } = call.scene;
  const takesEngine = field.field.args.some(({ name }) => name === 'engine');
  const variables = { ...(takesEngine ? { engine: 'local' } : {}), ...(await sample.args?.(call)) };
  const document = documentFor(field, variables, await sample.below?.(call));
  if (field.type === 'Subscription') return listen(document, variables, sample, call, clientOf(call));
  const answer = await app.graphql(call.actor, document, variables);
  const text = JSON.stringify(answer);
  return { code: answer.errors?.[0]?.extensions.code, text };
}

/** By the gate itself: the door for the Engine API is only a way to it. */
export async function callOperation(
  { id, nature, targetParameter }: Operation,
  sample: EngineSample,
  call: Call,
): Promise<Answer> {
  const { scene, actor } = call;
  if (!actor) throw new Error('the gate is asked as somebody');
  const engine = scene.app.nest
    .get(Gate)
    .as(await scene.actorOf(actor))
    .engine('local');
  const request = asReceived(
    withTarget(sample.request?.(call) ?? {}, targetParameter, sample.target?.(call)),
  );
  const context = { requestId: 'who-may-what', address: '127.0.0.1', door: 'engine' } as const;
  try {
    return await runInRequestContext(context, async () => {
      if (nature === 'plain') {
        return { ...DONE, text: JSON.stringify((await engine.json(id, request)).body ?? null) };
      }
      if (nature === 'stream') {
        if (id === 'SystemEvents') return await listenToEvents(engine, call);
        const { body } = await engine.stream(id, request);
        body.on('error', () => undefined).destroy();
        return DONE;
      }
      const { socket } = await engine.hijack(id, request);
      socket.on('error', () => undefined).destroy();
      return DONE;
    });
  } catch (error) {
    if (error instanceof DomainError) return { code: error.kind, text: error.message };
    throw error;
  }
}

/** Objects of a test are none of the program's own, which takes no others in the place of what was parsed. */
function asReceived(request: EngineRequest): EngineRequest {
  const { body } = request;
  const isJson =
    typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  return isJson ? { ...request, body: structuredClone(body) } : request;
}

/** The handle has a method of its own for what tells of many objects as it goes on. */
async function listenToEvents(engine: EngineHandle, call: Call): Promise<Answer> {
  const left = new AbortController();
  const told: string[] = [];
  const listening = (async () => {
    for await (const event of await engine.events(left.signal)) told.push(JSON.stringify(event));
  })();
  let over = false;
  const end = () => (over = true);
  void listening.then(end, end);
  await provoke(
    call,
    () => told,
    () => over,
  );
  left.abort();
  try {
    await listening;
  } catch (error) {
    if (!(error instanceof DomainError && error.kind === 'cancelled') && told.length === 0) throw error;
  }
  return { code: undefined, text: told.join('\n') };
}

function withTarget(
  request: EngineRequest,
  parameter: Operation['targetParameter'],
  target: string | undefined,
): EngineRequest {
  if (!parameter || target === undefined) return request;
  return parameter.in === 'path'
    ? { ...request, params: { [parameter.name]: target } }
    : { ...request, query: { ...request.query, [parameter.name]: target } };
}

function toAnswer(status: number, text: string): Answer {
  if (status < 400) return { code: undefined, text };
  const told = /^\s*\{/.test(text)
    ? (JSON.parse(text) as { code?: string; errors?: readonly { extensions?: { code?: string } }[] })
    : {};
  const code = told.code ?? told.errors?.[0]?.extensions?.code ?? BY_STATUS[status] ?? String(status);
  return { code, text };
}

async function listen(
  document: string,
  variables: Record<string, unknown>,
  sample: GraphqlSample,
  call: Call,
  client: Client,
): Promise<Answer> {
  const subscription = subscribe<object>(client, document, variables);
  let over = false;
  void subscription.ended.then(() => (over = true));
  const told = () => subscription.values.map((value) => JSON.stringify(value));
  if (sample.poke === 'container') await provoke(call, told, () => over);
  else if (sample.tellsAll) await toldAll(told, () => over);
  else
    await eventually(
      async () => {
        if (sample.poke === 'audit') await call.scene.beRefused();
        if (sample.poke === 'webhook') await call.scene.testWebhook();
        return over || subscription.values.length > 0;
      },
      (enough) => enough,
    );
  subscription.unsubscribe();
  const code = subscription.errors[0]?.extensions.code;
  const text = subscription.errors[0]?.message ?? told().join('\n');
  return { code: code === '4401' ? 'unauthenticated' : code, text };
}

/** A stream is left once it has begun; one about many objects, once it has told enough. */
async function follow(
  url: string,
  { poke, tellsAll }: RestSample,
  accept: StreamType,
  call: Call,
): Promise<Answer> {
  const opening = HttpStream.open(url, { actor: call.actor, accept });
  let begun = false;
  void opening.finally(() => (begun = true));
  await eventually(
    async () => {
      // Some answers begin when there is something to tell.
      if (poke === 'audit') await call.scene.beRefused();
      if (poke === 'container') await call.scene.poke(call.scene.landmark);
      return begun;
    },
    (enough) => enough,
  );
  const stream = await opening;
  let over = false;
  void stream.ended.then(() => (over = true));
  if (stream.status < 400 && poke === 'container') {
    await provoke(
      call,
      () => stream.lines,
      () => over,
    );
  }
  if (stream.status < 400 && tellsAll)
    await toldAll(
      () => stream.lines,
      () => over,
    );
  if (stream.status >= 400) await stream.ended;
  else stream.vanish();
  return toAnswer(stream.status, stream.text);
}

async function toldAll(told: () => readonly string[], isOver: () => boolean): Promise<void> {
  await eventually(
    () => isOver() || told().some((change) => change.includes('synced')),
    (done) => done,
  );
}

/**
 * Makes something happen to the object and to what whoever may listen at all sees, in turns, until enough was told of the
 * latter that it was of two turns: what happened to the object in between was told then too, or is hidden.
 */
async function provoke(
  { scene, target }: Call,
  told: () => readonly string[],
  isOver: () => boolean,
): Promise<void> {
  await eventually(
    async () => {
      await scene.poke(target.container);
      await scene.poke(scene.landmark);
      return isOver() || told().filter((change) => change.includes(scene.landmark)).length > 2;
    },
    (done) => done,
  );
}

/** Interactive attach and exec. */
async function openTerminal(url: string, { scene, actor }: Call): Promise<Answer> {
  const terminal = TerminalClient.open(scene.app, url.replace('/api/v1/engines/local', ''), actor);
  // Without a header the first message has to say who it is.
  if (!actor) terminal.tell({ type: 'authorize', authorization: 'none' });
  const [event] = await eventually(
    () => terminal.events,
    (events) => events.length > 0,
  );
  terminal.leave();
  await terminal.closed;
  return event?.type === 'error' ? { code: event.problem.code, text: event.problem.detail } : DONE;
}

/** Opens a connection for GraphQL, without any operation. */
function greet({ scene, actor }: Call): Promise<Answer> {
  const socket = new WebSocket(`${scene.app.webSocketUrl}/graphql`, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      const payload = actor ? { authorization: actor.authorization } : {};
      socket.send(JSON.stringify({ type: 'connection_init', payload }));
    });
    socket.once('message', () => {
      socket.close();
      resolve(DONE);
    });
    socket.once('close', (status: number) =>
      resolve({ code: status === 4401 ? 'unauthenticated' : String(status), text: '' }),
    );
  });
}
