import { Transform, type TransformCallback } from 'node:stream';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { OperationId } from '../engine/operations/index.js';

/** Lines that tell of an image are short. Longer ones are not looked at. */
const LONGEST_LINE = 16 * 1024;
/** So many images of one archive are remembered; those after them are nobody's. */
const MOST_IMAGES = 1_000;

const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
const LOADED = /^Loaded image(?: ID)?: (\S+)\s*$/;

type Maker = 'build' | 'import' | 'load';

/**
 * Passes an engine's answer on as it is, and reads in it which images the call made: those that the engine itself says,
 * not what else was made meanwhile. What a step of a build prints has a field of its own, and is not taken for it.
 */
export class MadeImages extends Transform {
  private readonly found = new Set<string>();
  private line: Buffer[] = [];
  private length = 0;

  constructor(private readonly maker: Maker) {
    super();
  }

  /** Ids, and of a load also names. */
  get references(): readonly string[] {
    this.endLine(); // the last one may have no end
    return [...this.found];
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      this.keep(chunk.subarray(start, end));
      this.endLine();
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    done(null, chunk);
  }

  private keep(part: Buffer): void {
    this.length += part.length;
    if (this.length <= LONGEST_LINE) this.line.push(part);
    else this.line = [];
  }

  private endLine(): void {
    const text = this.length <= LONGEST_LINE ? Buffer.concat(this.line).toString() : '';
    this.line = [];
    this.length = 0;
    const reference = referenceIn(text, this.maker);
    if (reference === undefined) return;
    // Each stage of a build tells of an image: the last one is what was built.
    if (this.maker !== 'load') this.found.clear();
    if (this.found.size < MOST_IMAGES) this.found.add(reference);
  }
}

/** What makes images of its own. What is pulled is nobody's, since everybody could have. */
export function makerOf(id: OperationId, { query }: EngineRequest): Maker | undefined {
  if (id === 'ImageBuild') return 'build';
  if (id === 'ImageLoad') return 'load';
  return id === 'ImageCreate' && query?.['fromImage'] === undefined ? 'import' : undefined;
}

function referenceIn(line: string, maker: Maker): string | undefined {
  const { aux, status, stream } = documentIn(line);
  if (maker === 'load') return typeof stream === 'string' ? LOADED.exec(stream)?.[1] : undefined;
  const id = maker === 'import' ? status : (aux as { ID?: unknown } | null | undefined)?.ID;
  return typeof id === 'string' && IMAGE_ID.test(id) ? id : undefined;
}

function documentIn(line: string): { aux?: unknown; status?: unknown; stream?: unknown } {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as object;
  } catch {
    return {}; // no message of its own
  }
}
