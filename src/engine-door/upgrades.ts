import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { hasBody, saysOptions } from './request-body.js';
import type { Operation, OperationId } from '../gate/operations.js';

export type UpgradeProtocol = NonNullable<EngineRequest['upgradeTo']>;

/** What each operation upgrades to. */
const PROTOCOLS: Readonly<Partial<Record<OperationId, UpgradeProtocol>>> = {
  ContainerAttach: 'tcp',
  ContainerAttachWebsocket: 'websocket',
  ExecStart: 'tcp',
  Session: 'h2c',
  BuildKitGrpc: 'h2c',
};

/** @throws DomainError `invalid_input` for what is not upgraded, or not to that; `forbidden` for a page of another origin */
export function requireUpgrade(operation: Operation, { headers }: IncomingMessage): UpgradeProtocol {
  const { id } = operation;
  const protocol = PROTOCOLS[id];
  if (protocol === undefined) throw new DomainError('invalid_input', `${id} does not upgrade its connection`);
  if (headers.upgrade?.toLowerCase() !== protocol)
    throw new DomainError('invalid_input', `${id} upgrades its connection to ${protocol} only`);
  if (headers['transfer-encoding'] !== undefined)
    throw new DomainError('invalid_input', 'The body of a request to upgrade must have a length');
  if (id !== 'ExecStart' && hasBody(headers) && !saysOptions(operation, headers))
    throw new DomainError('invalid_input', `${id} has no body`);
  if (!isOwnOrigin(headers)) throw new DomainError('forbidden', 'Pages of other origins may not connect');
  return protocol;
}

/** Programs send no Origin, or the one that they call; browsers let any page open a WebSocket anywhere. */
function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

/** What the protocol itself needs of the client's headers. */
export function upgradeHeaders(
  protocol: UpgradeProtocol,
  headers: IncomingHttpHeaders,
): Readonly<Record<string, string>> {
  const isOurs = (name: string) =>
    protocol === 'websocket'
      ? /^sec-websocket-(?:key|version|protocol)$/.test(name)
      : protocol === 'h2c' && /^x-docker-expose-session-/.test(name);
  const passed = Object.entries(headers).filter(
    (entry): entry is [string, string] => isOurs(entry[0]) && typeof entry[1] === 'string',
  );
  return { ...Object.fromEntries(passed), ...(protocol === 'websocket' ? { origin: 'http://docker' } : {}) };
}
