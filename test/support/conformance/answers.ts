import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';

/** An engine, or the door to it. */
export interface Side {
  readonly address: RequestOptions;
  /** What comes before the path: `/docker/local`. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** All of an answer that a client gets to see, by dotted path: `status`, `header.content-type`, `body.0.Id`. */
export type Told = ReadonlyMap<string, unknown>;

/** Of a connection, or of a moment. */
const NOT_COMPARED = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];

export async function tell(side: Side, method: string, path: string): Promise<Told> {
  const { address, prefix, headers } = side;
  const request = httpRequest({ ...address, method, path: prefix + path, headers, agent: false }).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const told = new Map<string, unknown>([['status', answer.statusCode]]);
  for (const [name, value] of Object.entries(answer.headers))
    if (!NOT_COMPARED.includes(name)) told.set(`header.${name}`, value);
  const type = answer.headers['content-type'] ?? '';
  flatten(read(type, Buffer.concat(chunks)), 'body', told);
  return told;
}

/** Where `door` differs from `bare`, except for what differs between `bare` and `later` too. */
export function differences(bare: Told, door: Told, later: Told): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of new Set([...bare.keys(), ...door.keys()])) {
    const isMomentary = bare.get(path) !== later.get(path);
    if (isMomentary || bare.get(path) === door.get(path)) continue;
    found[path] = `${text(bare.get(path))} → ${text(door.get(path))}`;
  }
  return found;
}

function read(type: string, body: Buffer): unknown {
  if (/x-tar|octet-stream|raw-stream|multiplexed/.test(type) || body.includes(0))
    return { bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
  const written = body.toString();
  if (!type.includes('json')) return written;
  const lines = written.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map((line) => JSON.parse(line) as unknown);
  return values.length === 1 ? inOneOrder(values[0]) : values;
}

/** Lists of networks and of what was made in one second come in any order. Of all else the order counts. */
function inOneOrder(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const named = value as { Id?: unknown }[];
  const isUnordered = named.every(
    (one) => typeof one.Id === 'string' && ('Scope' in one || 'RepoTags' in one),
  );
  return isUnordered ? named.toSorted((a, b) => String(a.Id).localeCompare(String(b.Id))) : value;
}

function flatten(value: unknown, path: string, told: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null) {
    told.set(path, value);
    return;
  }
  told.set(path, Array.isArray(value) ? `list of ${value.length}` : 'object');
  for (const [name, one] of Object.entries(value)) flatten(one, `${path}.${name}`, told);
}

function text(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value).slice(0, 200);
}
