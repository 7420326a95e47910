/** Webhooks: from the engine's event of a start to its receipt, and how many deliveries a second come to a receiver that takes all. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { eventually } from './eventually.mjs';
import { HttpClient } from './http-client.mjs';
import { median, percentile } from './rounds.mjs';
import { createContainer } from './test-containers.mjs';

const FILTERS = encodeURIComponent(JSON.stringify({ type: ['container'], event: ['start'] }));
const WARM_UP = 5;
const LONG = { longestMs: 180_000 };
const WEBHOOK = '/api/v1/webhooks';

/** @param {import('./main.mjs').Bench} bench */
export async function measureWebhooks({ engine, startDockmaster, quick, say }) {
  const receiver = await Receiver.start();
  const dockmaster = await startDockmaster(undefined, { DOCKMASTER_OUTGOING_ALLOW: '127.0.0.1' });
  const client = await dockmaster.client();
  try {
    return [
      await measureDelay({ engine, client, receiver, starts: quick ? 20 : 100, say }),
      await measureRate({ engine, client, receiver, quick, say }),
    ];
  } finally {
    client.close();
    await dockmaster.stop();
    await receiver.stop();
  }
}

async function measureDelay({ engine, client, receiver, starts, say }) {
  const id = await createContainer(engine, { Cmd: ['sleep', '86400'] });
  const webhook = await makeWebhook(client, receiver, ['container.started']);
  const raw = new HttpClient({ socketPath: engine.socketPath });
  let heard = {};
  receiver.onEvent = () => (heard.webhook ??= performance.now());
  const events = await raw.open({ path: `/events?filters=${FILTERS}` });
  events.on('data', () => (heard.engine ??= performance.now()));
  events.on('error', () => undefined); // it is cut at the end
  const startOnce = async () => {
    heard = {};
    await engine.call('POST', `/containers/${id}/start`);
    await eventually(
      () => Object.keys(heard).length === 2,
      () => `of the start was told by no more than ${Object.keys(heard).join(', ')}`,
    );
    const { engine: told, webhook: received } = heard;
    await engine.call('POST', `/containers/${id}/kill`);
    await engine.call('POST', `/containers/${id}/wait`);
    return received - told;
  };
  for (let start = 0; start < WARM_UP; start++) await startOnce();
  say(`${starts} starts`);
  const delays = [];
  for (let start = 0; start < starts; start++) delays.push(await startOnce());
  events.destroy();
  raw.close();
  await deleteWebhook(client, webhook);
  return {
    title: `From the engine's event of a start to the receiver of a webhook, in the same process, over ${starts} starts`,
    columns: [
      { key: 'median', title: 'median ms', digits: 2 },
      { key: 'p99', title: 'p99 ms', digits: 2 },
      { key: 'most', title: 'most ms', digits: 2 },
    ],
    rows: [{ median: median(delays), p99: percentile(delays, 99), most: Math.max(...delays) }],
  };
}

/** Of many objects: of one, a delivery waits for the one before. The deliveries wait already when the webhook is enabled. */
async function measureRate({ engine, client, receiver, quick, say }) {
  const objects = quick ? 50 : 200;
  const rounds = 5;
  const webhook = await makeWebhook(client, receiver, ['volume.*']);
  const total = objects * rounds * 2;
  say(`${total} deliveries`);
  let received = 0;
  let begin;
  receiver.onEvent = () => {
    begin ??= performance.now();
    received += 1;
  };
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      Array.from({ length: objects }, async (_, index) => {
        const Name = `bench-${index}`;
        await engine.call('POST', '/volumes/create', { body: { Name } });
        await engine.call('DELETE', `/volumes/${Name}`);
      }),
    );
  }
  const made = performance.now();
  await eventually(
    () => received >= total,
    () => `${received} of ${total} came`,
    LONG,
  );
  const end = performance.now();
  const rows = [
    {
      what: `${objects} volumes made and removed ${rounds} times`,
      deliveries: received,
      rate: received / ((end - begin) / 1_000),
      behind: end - made,
    },
  ];

  // The same once more, of what was sent before: nothing but sending.
  received = 0;
  begin = undefined;
  const again = { from: '2020-01-01T00:00:00Z', state: 'delivered' };
  const { count } = await client.json({
    method: 'POST',
    path: `${WEBHOOK}/${webhook}/redeliver`,
    body: again,
  });
  await eventually(
    () => received >= count,
    () => `${received} of ${count} came again`,
    LONG,
  );
  const sent = performance.now();
  const seconds = (sent - begin) / 1_000;
  rows.push({ what: 'sent again', deliveries: received, rate: received / seconds, behind: 0 });
  await deleteWebhook(client, webhook);
  return {
    title: 'Deliveries to one receiver that takes all at once, 4 at a time',
    columns: [
      { key: 'what', title: 'what' },
      { key: 'deliveries', title: 'deliveries', digits: 0 },
      { key: 'rate', title: 'a second', digits: 0 },
      { key: 'behind', title: 'ms behind the last event', digits: 0 },
    ],
    rows,
  };
}

async function makeWebhook(client, receiver, eventTypes) {
  const body = { name: 'bench', address: receiver.address, eventTypes };
  const { id } = await client.json({ method: 'POST', path: WEBHOOK, body });
  // Its test is through once the journal of the engine is under way too.
  await client.json({ method: 'POST', path: `${WEBHOOK}/${id}/test` });
  return id;
}

async function deleteWebhook(client, id) {
  const response = await client.open({ method: 'DELETE', path: `${WEBHOOK}/${id}` });
  response.resume();
  await once(response, 'end');
}

/** Takes everything, and counts what is not a test. */
class Receiver {
  onEvent = () => undefined;
  #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      response.writeHead(204).end();
      if (JSON.parse(body).type !== 'webhook.test') this.onEvent();
    });
  });

  static async start() {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get address() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
