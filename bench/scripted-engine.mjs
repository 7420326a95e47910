/**
 * An engine that is only a script: an HTTP server on a unix socket that says of thousands of containers what a real engine said
 * of two (recording.mjs). It answers what a list and watch asks, holds no document, and sends the events that it is told to.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RECORDED } from './recording.mjs';

/** The oldest container; each of the others came a minute after the one before. */
const FIRST_CREATED = Date.parse('2025-01-01T00:00:00Z');
const MINUTE_MS = 60_000;
/** Containers written at once of a list. */
const PIECE = 500;
const PROJECTS = 50;
const SERVICES = 8;

/** Of all else there is nothing. */
const EMPTY = { '/images/json': [], '/networks': [], '/volumes': { Volumes: [], Warnings: null } };
/** What only a manager of a swarm tells of. */
const SWARM = /^\/(services|nodes|tasks|secrets|configs|swarm)(\/|$)/;

export class ScriptedEngine {
  /** Requests so far, but for pings. */
  calls = 0;
  #recording;
  #directory = mkdtempSync(join(tmpdir(), 'scripted-engine-'));
  #server = createServer((request, response) => void this.#answer(request, response));
  #listeners = new Set();
  #containers;
  #byId;
  #templates;

  /**
   * @param {import('./recording.mjs').Recording} recording
   * @param {{ running: number, stopped: number }} counts the newest run
   */
  static async start(recording, counts) {
    const engine = new ScriptedEngine(recording, counts);
    engine.#server.listen(join(engine.#directory, 'engine.sock'));
    await once(engine.#server, 'listening');
    return engine;
  }

  constructor(recording, { running, stopped }) {
    this.#recording = recording;
    this.#templates = {
      running: templatesOf(recording.running),
      exited: templatesOf(recording.exited),
    };
    this.#containers = Array.from({ length: running + stopped }, (_, index) =>
      containerAt(index, index >= stopped ? 'running' : 'exited'),
    );
    this.#byId = new Map(this.#containers.map((container) => [container.id, container]));
  }

  /** As a value for DOCKER_HOST. */
  get dockerHost() {
    return `unix://${join(this.#directory, 'engine.sock')}`;
  }

  /** All, oldest first. @returns {readonly { id: string, name: string, state: 'running' | 'exited' }[]} */
  get containers() {
    return this.#containers;
  }

  /** How many follow the events. */
  get listeners() {
    return this.#listeners.size;
  }

  /** A container starts, or ends: everything says so from now on, and one event. */
  turn(container, state) {
    container.state = state;
    this.#send(container, state === 'running' ? 'start' : 'die');
  }

  /** A health probe of a container: the three events of an exec. */
  probe(container) {
    for (const action of [
      'exec_create: /bin/sh -c wget -qO- localhost',
      'exec_start: /bin/sh -c wget -qO- localhost',
      'exec_die',
    ])
      this.#send(container, action, { execID: container.id });
  }

  async stop() {
    for (const listener of this.#listeners) listener.end();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://engine');
    const path = pathname.replace(/^\/v1\.\d+/, '');
    response.setHeader('Api-Version', this.#recording.version.ApiVersion);
    response.setHeader('Ostype', 'linux');
    if (path === '/_ping') return void response.end('OK');
    this.calls += 1;
    response.setHeader('Content-Type', 'application/json');
    if (path === '/version') return void response.end(JSON.stringify(this.#recording.version));
    if (path === '/info') return void response.end(JSON.stringify(this.#recording.info));
    if (path === '/events') return this.#listen(response);
    if (path === '/containers/json') return this.#list(searchParams, response);
    if (path in EMPTY) return void response.end(JSON.stringify(EMPTY[path]));
    if (SWARM.test(path)) {
      response.statusCode = 503;
      return void response.end(JSON.stringify({ message: 'This node is not a swarm manager.' }));
    }
    const [, reference] = /^\/containers\/([^/]+)\/json$/.exec(path) ?? [];
    const container = this.#byId.get(reference) ?? this.#containers.find(({ name }) => name === reference);
    if (container) return void response.end(this.#write(container, 'inspect'));
    response.statusCode = 404;
    response.end(JSON.stringify({ message: `No such container: ${reference ?? path}` }));
  }

  #listen(response) {
    response.flushHeaders();
    this.#listeners.add(response);
    response.once('close', () => this.#listeners.delete(response));
  }

  /** Knows the filters `id`, `name` and `status`, and `limit`. */
  async #list(query, response) {
    const filters = JSON.parse(query.get('filters') ?? '{}');
    const values = (name) => {
      const given = filters[name];
      return given === undefined || Array.isArray(given) ? given : Object.keys(given);
    };
    const status = values('status') ?? (/^(1|true)$/i.test(query.get('all') ?? '') ? undefined : ['running']);
    const chosen = this.#containers
      .filter(
        ({ id, name, state }) =>
          (status?.includes(state) ?? true) &&
          (values('id')?.some((prefix) => id.startsWith(prefix)) ?? true) &&
          (values('name')?.some((part) => name.includes(part)) ?? true),
      )
      .toReversed()
      .slice(0, Number(query.get('limit') ?? 0) || undefined);
    try {
      await pipeline(Readable.from(this.#pieces(chosen)), response);
    } catch (error) {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // who asked has left
    }
  }

  *#pieces(containers) {
    yield '[';
    for (let start = 0; start < containers.length; start += PIECE) {
      const piece = containers
        .slice(start, start + PIECE)
        .map((container) => this.#write(container, 'listed'));
      yield `${start === 0 ? '' : ','}${piece.join(',')}`;
    }
    yield ']';
  }

  #send(container, action, attributes = {}) {
    const { startEvent } = this.#recording;
    const now = Date.now();
    const event = {
      ...startEvent,
      status: action,
      id: container.id,
      Action: action,
      Actor: {
        ID: container.id,
        Attributes: { ...startEvent.Actor.Attributes, ...attributes, name: container.name },
      },
      time: Math.floor(now / 1000),
      timeNano: now * 1e6,
    };
    for (const listener of this.#listeners) listener.write(`${JSON.stringify(event)}\n`);
  }

  #write(container, answer) {
    return this.#templates[container.state][answer](container);
  }
}

function containerAt(index, state) {
  const id = createHash('sha256').update(`container ${index}`).digest('hex');
  return {
    id,
    state,
    name: `web-${index}`,
    project: `project-${index % PROJECTS}`,
    service: `service-${index % SERVICES}`,
    created: FIRST_CREATED + index * MINUTE_MS,
    address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  };
}

/** Functions that write a container's two documents, as the recorded one's are but for what each container has of its own. */
function templatesOf({ inspect, listed }) {
  const { Id: id, Name: path, Created: created } = inspect;
  const address = inspect.NetworkSettings.IPAddress;
  const own = new Map([
    [id, (container) => container.id],
    [id.slice(0, 12), (container) => container.id.slice(0, 12)],
    [path.slice(1), (container) => container.name],
    [RECORDED.project, (container) => container.project],
    [RECORDED.service, (container) => container.service],
    [created, (container) => new Date(container.created).toISOString().replace('Z', '000000Z')],
    [`"Created":${listed.Created},`, (container) => `"Created":${Math.floor(container.created / 1000)},`],
    ...(address ? [[`"${address}"`, (container) => `"${container.address}"`]] : []),
  ]);
  return { inspect: template(inspect, own), listed: template(listed, own) };
}

function template(document, own) {
  const pattern = [...own.keys()].map((text) => RegExp.escape(text)).join('|');
  const pieces = JSON.stringify(document).split(new RegExp(`(${pattern})`));
  return (container) => pieces.map((piece) => own.get(piece)?.(container) ?? piece).join('');
}
