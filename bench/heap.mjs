/** What a Node.js process really holds, garbage apart: asked through its own inspector, which a signal opens. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventually } from './eventually.mjs';

/** Node.js says so on standard error. */
const LISTENING = /Debugger listening on (ws:\/\/\S+)/;

/**
 * Collects garbage, then measures.
 *
 * @param {number} pid of a Node.js started with `--inspect-port=0`
 * @param {() => string} readLog its standard error so far
 * @returns {Promise<{ heap: number, buffers: number }>} in bytes: objects and strings, and what is outside the heap
 */
export async function heldBytes(pid, readLog) {
  process.kill(pid, 'SIGUSR1');
  let url;
  await eventually(
    () => (url = LISTENING.exec(readLog())?.[1]) !== undefined,
    () => 'the inspector of Node.js does not open',
  );
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const call = async (method) => {
    socket.send(JSON.stringify({ id: 1, method }));
    for (;;) {
      const answer = JSON.parse((await once(socket, 'message'))[0]);
      if (answer.id === 1) return answer.result;
    }
  };
  await call('HeapProfiler.collectGarbage');
  await call('HeapProfiler.collectGarbage'); // what finalisers let go of
  const { usedSize, backingStorageSize } = await call('Runtime.getHeapUsage');
  socket.close();
  return { heap: usedSize, buffers: backingStorageSize };
}
