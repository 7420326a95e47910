import type { Socket } from 'node:net';

/** Destroys `socket` with `ETIMEDOUT` unless it says within `timeoutMs`, by the event `connected`, that it stands. */
export function withConnectTimeout(
  socket: Socket,
  connected: 'connect' | 'secureConnect',
  timeoutMs: number,
): Socket {
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`no connection after ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
  }, timeoutMs);
  const stop = () => {
    clearTimeout(timer);
  };
  socket.once(connected, stop);
  socket.once('close', stop);
  return socket;
}
