/** The load generator. The raw engine and Dockmaster are asked by the same code; only address and headers differ. */
import http from 'node:http';

/**
 * @typedef {object} Request
 * @property {string} path
 * @property {string} [method] default GET
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] sent as JSON
 */

export class HttpClient {
  #agent = new http.Agent({ keepAlive: true });
  #address;
  #headers;

  /**
   * @param {{ socketPath: string } | { host: string, port: number }} address
   * @param {Record<string, string>} [headers] sent with each request
   */
  constructor(address, headers = {}) {
    this.#address = address;
    this.#headers = headers;
  }

  /** For requests of another kind. */
  get address() {
    return this.#address;
  }

  get headers() {
    return this.#headers;
  }

  /** Resolves when the headers of the answer are there. @param {Request} request @throws Error on a status of 400 or more */
  open({ method = 'GET', path, headers, body }) {
    return new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : JSON.stringify(body);
      const sent =
        content === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
      const request = http.request({
        ...this.#address,
        agent: this.#agent,
        method,
        path,
        headers: { ...this.#headers, ...sent, ...headers },
      });
      request.once('error', reject);
      request.once('response', (response) => {
        if (response.statusCode < 400) resolve(response);
        else void readText(response).then((text) => reject(refused(method, path, response, text)), reject);
      });
      request.end(content);
    });
  }

  /** Reads the answer to its end. @param {Request} request @returns {Promise<number>} its size in bytes */
  async size(request) {
    return (await this.exchange(request)).bytes;
  }

  /** Reads the answer to its end. @param {Request} request @returns {Promise<{ status: number, headers: object, bytes: number }>} */
  async exchange(request) {
    const response = await this.open(request);
    return new Promise((resolve, reject) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.length));
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes }));
      response.once('error', reject);
    });
  }

  /** @param {Request} request */
  async json(request) {
    return JSON.parse(await readText(await this.open(request)));
  }

  /** Cuts all connections. */
  close() {
    this.#agent.destroy();
  }
}

/**
 * Sends one request after another, `concurrency` at a time.
 *
 * @param {() => Promise<unknown>} send
 * @returns {Promise<{ perSecond: number, latencies: number[] }>} latencies in milliseconds
 */
export async function load(send, { concurrency, seconds }) {
  const latencies = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const worker = async () => {
    for (let sent = performance.now(); sent < end;) {
      await send();
      const received = performance.now();
      latencies.push(received - sent);
      sent = received;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { perSecond: (latencies.length / (performance.now() - begin)) * 1000, latencies };
}

async function readText(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function refused(method, path, { statusCode }, text) {
  return new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 500)}`);
}
