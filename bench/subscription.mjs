/** A GraphQL subscription over graphql-transport-ws, with as little work for each message as can be. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

/**
 * Resolves when the subscription has been asked for. The protocol has no word for when it stands.
 *
 * @param {{ url: string, authorization: string, query: string, variables?: object }} subscription
 * @param {(message: Buffer) => void} onNext called with each message that brings a result, not parsed
 * @returns {Promise<WebSocket>}
 */
export async function subscribe({ url, authorization, query, variables }, onNext) {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  const [acknowledgement] = await once(socket, 'message');
  if (JSON.parse(acknowledgement).type !== 'connection_ack')
    throw new Error(`the connection was refused: ${acknowledgement}`);
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
  socket.on('message', (message) => {
    if (message.includes('"type":"next"')) onNext(message);
    else throw new Error(`the subscription sent: ${message}`);
  });
  return socket;
}
