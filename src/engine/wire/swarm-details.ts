import { Transform, type TransformCallback } from 'node:stream';
import { DomainError } from '../../common/errors.js';
import { timestampLength } from './log-line.js';

const HEADER_BYTES = 8;
const SYSTEM_ERROR = 3;
/** The engine cuts lines after 16 KiB; what is in front of them is short. */
const MAX_FRAME_BYTES = 2 * 1024 * 1024;
const SPACE = 0x20;
/** By which Docker's clients tell who wrote a line. */
const SWARM_DETAILS = ['com.docker.swarm.node.id', 'com.docker.swarm.service.id', 'com.docker.swarm.task.id'];

/**
 * A log of frames that was asked for with `details=1` (Engine API, ServiceLogs and TaskLogs), without the labels and environment
 * values that options of the log driver name.
 */
export class OnlySwarmDetails extends Transform {
  private held = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const size = rest.readUInt32BE(4);
      if (size > MAX_FRAME_BYTES) {
        done(new DomainError('engine_error', 'The engine sent a line that is too long'));
        return;
      }
      if (rest.length < HEADER_BYTES + size) break;
      const payload = rest.subarray(HEADER_BYTES, HEADER_BYTES + size);
      this.push(rest[0] === SYSTEM_ERROR ? rest.subarray(0, HEADER_BYTES + size) : frame(rest, cut(payload)));
      rest = rest.subarray(HEADER_BYTES + size);
    }
    this.held = Buffer.from(rest);
    done();
  }

  override _flush(done: TransformCallback): void {
    const isCut = this.held.length > 0;
    done(
      isCut
        ? new DomainError('engine_unavailable', 'The engine ended the stream in the middle of a frame.')
        : null,
    );
  }
}

function frame(header: Buffer, payload: Buffer): Buffer {
  const whole = Buffer.concat([header.subarray(0, HEADER_BYTES), payload]);
  whole.writeUInt32BE(payload.length, 4);
  return whole;
}

/** `[2026-01-02T03:04:05.000000001Z ]key=value,… text`: keys and values have no white space. */
function cut(message: Buffer): Buffer {
  const length = timestampLength(message, 0, message.length);
  const start = length === 0 ? 0 : length + 1;
  const space = message.indexOf(SPACE, start);
  if (space === -1) return message.subarray(0, start);
  const kept = message
    .toString('latin1', start, space)
    .split(',')
    .filter((pair) => SWARM_DETAILS.includes(pair.split('=', 1).join()));
  return Buffer.concat([
    message.subarray(0, start),
    Buffer.from(kept.join(), 'latin1'),
    message.subarray(space),
  ]);
}
