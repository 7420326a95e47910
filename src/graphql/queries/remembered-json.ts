import { isImmutable } from '../../common/immutable.js';
import { JsonOutput } from './json-output.js';

/** Writes a value as JSON. Its identity says which type and which selection of fields that is. */
export type Write<T = unknown> = (value: T, out: JsonOutput) => void;

/**
 * The JSON of immutable objects, by selection. It goes with its object, and with its selection; when what was written
 * passes the limit in sum, all of it goes, and is written again as it is asked for.
 */
export class RememberedJson {
  private known = new WeakMap<Write<object>, WeakMap<object, Buffer>>();
  private bytes = 0;

  /** @param limit in bytes */
  constructor(private readonly limit: number) {}

  /** Writes `value` by `write`, or from memory where it is immutable and was written before. */
  write(value: object, write: Write<object>, out: JsonOutput): void {
    if (!isImmutable(value)) {
      write(value, out);
      return;
    }
    let json = this.known.get(write)?.get(value);
    if (!json) {
      const own = new JsonOutput();
      write(value, own);
      json = own.toBytes();
      this.keep(value, write, json);
    }
    out.bytes(json);
  }

  private keep(value: object, write: Write<object>, json: Buffer): void {
    if (json.length > this.limit) return;
    if (this.bytes + json.length > this.limit) {
      this.known = new WeakMap();
      this.bytes = 0;
    }
    this.bytes += json.length;
    const ofSelection = this.known.get(write);
    if (ofSelection) ofSelection.set(value, json);
    else this.known.set(write, new WeakMap([[value, json]]));
  }
}
