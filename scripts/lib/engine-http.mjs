/** The few raw calls to an engine that the scripts need before there is a built Dockmaster to make them. */
import http from 'node:http';
import { URLSearchParams } from 'node:url';

/**
 * @param {string} socketPath
 * @param {string} method
 * @param {string} path
 * @param {{ body?: Buffer, headers?: Record<string, string>, timeoutMs?: number }} [options]
 * @returns {Promise<{ status: number, body: Buffer }>}
 */
export function callEngine(socketPath, method, path, { body, headers = {}, timeoutMs = 30_000 } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, headers, timeout: timeoutMs, agent: false });
    request.on('timeout', () =>
      request.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)),
    );
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    request.end(body);
  });
}

/** Whether an engine answers on the socket; a refused or missing socket is `false`, not an error. */
export async function engineAnswers(socketPath, timeoutMs = 2_000) {
  try {
    return (await callEngine(socketPath, 'GET', '/_ping', { timeoutMs })).status === 200;
  } catch {
    return false;
  }
}

/** Imports a root file system as an image. @param {string[]} changes Dockerfile instructions such as `CMD ["sh"]` */
export async function importImage(socketPath, reference, archive, changes = []) {
  const at = reference.lastIndexOf(':');
  const query = new URLSearchParams({
    fromSrc: '-',
    repo: reference.slice(0, at),
    tag: reference.slice(at + 1),
  });
  for (const change of changes) query.append('changes', change);
  const { status, body } = await callEngine(socketPath, 'POST', `/images/create?${query.toString()}`, {
    body: archive,
    headers: { 'content-type': 'application/x-tar' },
  });
  const answer = body.toString();
  if (status !== 200 || answer.includes('"errorDetail"'))
    throw new Error(`cannot import ${reference}: ${answer.trim()}`);
}

/** Whether the engine has the image. */
export async function hasImage(socketPath, reference) {
  const { status } = await callEngine(socketPath, 'GET', `/images/${encodeURIComponent(reference)}/json`);
  return status === 200;
}
