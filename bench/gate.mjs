/**
 * What the gate itself costs: a list of 200 containers and a start, each with it and without it, in one process, where the parts
 * can be called apart. Without it: straight from memory, and straight at the engine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readSettings } from '../dist/config/settings.js';
import { createApp } from '../dist/create-app.js';
import { EngineRegistry } from '../dist/engine/engine-registry.js';
import { Gate } from '../dist/gate/gate.js';
import { AuthenticationService } from '../dist/identity/authentication.service.js';
import { State } from '../dist/state/state.js';
import { eventually } from './eventually.mjs';
import { median } from './rounds.mjs';
import { createContainers } from './test-containers.mjs';

const LISTED = 200;
const PATH = '/api/v1/engines/local/containers?limit=500';
const PASSWORD = 'a password of the bench';
/** What is too short to be timed alone is timed so many times in a row. */
const IN_A_ROW = 200;

/** @param {import('./main.mjs').Bench} bench */
export async function measureGate({ engine, quick, say }) {
  const [started] = await createContainers(engine, LISTED);
  const directory = mkdtempSync(join(tmpdir(), 'dockmaster-bench-'));
  const settings = readSettings({
    DOCKER_HOST: engine.dockerHost,
    DOCKMASTER_DATA_DIR: directory,
    DOCKMASTER_ADMIN_PASSWORD: PASSWORD,
  });
  const app = await createApp(settings, pino({ level: 'silent' }));
  try {
    const admin = await signIn(app, 'admin');
    const web = await scopedUser(app, admin);
    const container = { engine, app, id: started };
    const rounds = quick ? 10 : 40;
    say(`lists of ${LISTED}`);
    const lists = [
      await measureLists(app, 'admin: sees all', admin, rounds),
      await measureLists(app, 'viewer within a label', web, rounds),
    ];
    say(`${rounds} starts`);
    const starts = await measureStarts(container, admin, rounds);
    return [...listTables(lists), startTable(starts, rounds)];
  } finally {
    await app.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A token, as one would get it. */
async function signIn(app, username) {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { username, password: PASSWORD },
  });
  const authorization = `Bearer ${answer.json().accessToken}`;
  return { authorization, actor: await app.get(AuthenticationService).authenticate(authorization.slice(7)) };
}

/** Somebody for whom each object is held against a scope; all of the containers are in it. */
async function scopedUser(app, { authorization }) {
  const post = async (url, payload) => {
    const answer = await app.inject({ method: 'POST', url, payload, headers: { authorization } });
    if (answer.statusCode !== 201) throw new Error(`${url}: ${answer.body}`);
    return answer.json();
  };
  const { id } = await post('/api/v1/users', { username: 'web', password: PASSWORD });
  await post('/api/v1/role-bindings', {
    role: 'viewer',
    subject: { kind: 'user', id },
    scope: { engines: ['*'], labelSelector: 'com.docker.compose.project=bench' },
  });
  return signIn(app, 'web');
}

async function measureLists(app, who, { authorization, actor }, rounds) {
  const [gate, state] = [app.get(Gate), app.get(State)];
  const request = () => app.inject({ method: 'GET', url: PATH, headers: { authorization } });
  await eventually(
    async () => (await request()).json().items?.length === LISTED,
    () => 'memory does not hold all containers',
  );
  const view = () => gate.as(actor).engine('local').objects('container');
  const snapshot = () => state.of('local', 'container').snapshot();
  const times = { request: [], view: [], snapshot: [] };
  for (let round = 0; round < rounds; round++) {
    times.request.push(await timed(request, IN_A_ROW));
    times.view.push(await timed(view, IN_A_ROW));
    times.snapshot.push(await timed(snapshot, IN_A_ROW));
  }
  const added = median(times.view) - median(times.snapshot);
  const whole = median(times.request);
  return { who, whole: whole * 1_000, added: added * 1_000, ratio: whole / (whole - added) };
}

async function measureStarts({ engine, app, id }, { actor }, rounds) {
  const request = { params: { id } };
  const ways = {
    with: () => app.get(Gate).as(actor).engine('local').json('ContainerStart', request),
    without: () => app.get(EngineRegistry).get('local').json('ContainerStart', request),
  };
  const times = { with: [], without: [] };
  for (let round = 0; round < rounds + 2; round++) {
    // Turn and turn about, and neither always first.
    for (const way of round % 2 === 0 ? ['with', 'without'] : ['without', 'with']) {
      const took = await timed(ways[way], 1);
      if (round >= 2) times[way].push(took);
      await engine.call('POST', `/containers/${id}/kill`);
      await engine.call('POST', `/containers/${id}/wait`);
      await sleep(50); // for memory to hear of it
    }
  }
  return times;
}

/** @returns {Promise<number>} milliseconds each */
async function timed(work, count) {
  const begin = performance.now();
  for (let time = 0; time < count; time++) await work();
  return (performance.now() - begin) / count;
}

function listTables(rows) {
  return [
    {
      title: `What the gate adds to a list of ${LISTED} containers by REST, without the network; ratio: with to without`,
      columns: [
        { key: 'who', title: 'who' },
        { key: 'whole', title: 'request µs', digits: 0 },
        { key: 'added', title: 'of it the gate µs', digits: 1 },
        { key: 'ratio', title: 'ratio', digits: 3 },
      ],
      rows,
    },
  ];
}

function startTable(times, rounds) {
  const [withGate, without] = [median(times.with), median(times.without)];
  return {
    title: `What the gate, with its audit records, adds to a start, over ${rounds} starts each; ratio: with to without`,
    columns: [
      { key: 'withGate', title: 'with ms', digits: 2 },
      { key: 'without', title: 'without ms', digits: 2 },
      { key: 'ratio', title: 'ratio', digits: 3 },
    ],
    rows: [{ withGate, without, ratio: withGate / without }],
  };
}
