import { DomainError } from '../../common/errors.js';

/** Where a frame of a multiplexed stream belongs: the container's standard streams. */
export type FrameStream = 'stdin' | 'stdout' | 'stderr';

/**
 * Receives one piece of a frame: the bytes `start` to `end` of `chunk`. A frame comes as one piece when a chunk holds it
 * whole; `first` and `last` say which end of its frame a piece is.
 */
export type PieceHandler = (
  stream: FrameStream,
  chunk: Buffer,
  start: number,
  end: number,
  first: boolean,
  last: boolean,
) => void;

const STREAMS: readonly FrameStream[] = ['stdin', 'stdout', 'stderr'];
const SYSTEM_ERROR = 3;
const HEADER_BYTES = 8;
const MAX_SYSTEM_ERROR_BYTES = 4096;

/**
 * Takes Docker's multiplexed stream apart (Engine API, ContainerAttach, "Stream format"): each frame is one byte of
 * stream type, three zero bytes, the size as a 32-bit big-endian number, then the payload. It keeps at most a header between
 * two chunks, whatever the size of a frame, and hands payload out without copying it.
 */
export class FrameParser {
  readonly #onPiece: PieceHandler;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #stream: FrameStream = 'stdout';
  #remaining = 0;
  #first = true;
  #systemError: Buffer | undefined;

  constructor(onPiece: PieceHandler) {
    this.#onPiece = onPiece;
  }

  /**
   * Hands on every piece that `chunk` holds.
   *
   * @throws DomainError `engine_error` when a header is not one, or when the engine reports an error of its own in the stream.
   */
  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#insideFrame() ? this.#payload(chunk, at) : this.#readHeader(chunk, at);
    }
  }

  /** @throws DomainError `engine_unavailable` when the input ended inside a frame: what came is not all there was. */
  end(): void {
    if (this.#insideFrame() || this.#headerBytes > 0) {
      throw new DomainError('engine_unavailable', 'The engine ended the stream in the middle of a frame.', {
        retryAfter: 5,
      });
    }
  }

  #insideFrame(): boolean {
    return this.#remaining > 0;
  }

  #readHeader(chunk: Buffer, at: number): number {
    if (this.#headerBytes === 0 && chunk.length - at >= HEADER_BYTES) {
      this.#openFrame(chunk, at);
      return at + HEADER_BYTES;
    }
    const copied = chunk.copy(this.#header, this.#headerBytes, at, at + HEADER_BYTES - this.#headerBytes);
    this.#headerBytes += copied;
    if (this.#headerBytes === HEADER_BYTES) {
      this.#headerBytes = 0;
      this.#openFrame(this.#header, 0);
    }
    return at + copied;
  }

  #openFrame(header: Buffer, at: number): void {
    const type = header[at] ?? -1;
    const stream = STREAMS[type];
    const padded = header[at + 1] === 0 && header[at + 2] === 0 && header[at + 3] === 0;
    if ((stream === undefined && type !== SYSTEM_ERROR) || !padded) {
      throw new DomainError(
        'engine_error',
        'The engine sent a stream that is not multiplexed as it should be.',
      );
    }
    this.#stream = stream ?? 'stderr';
    this.#systemError = type === SYSTEM_ERROR ? Buffer.alloc(0) : undefined;
    this.#remaining = header.readUInt32BE(at + 4);
    this.#first = true;
    if (this.#remaining === 0 && stream !== undefined) this.#onPiece(stream, header, at, at, true, true);
  }

  #payload(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#remaining -= end - at;
    const last = this.#remaining === 0;
    if (this.#systemError === undefined) this.#onPiece(this.#stream, chunk, at, end, this.#first, last);
    else this.#collectSystemError(this.#systemError, chunk.subarray(at, end), last);
    this.#first = false;
    return end;
  }

  #collectSystemError(soFar: Buffer, piece: Buffer, last: boolean): void {
    const room = MAX_SYSTEM_ERROR_BYTES - soFar.length;
    this.#systemError = room > 0 ? Buffer.concat([soFar, piece.subarray(0, room)]) : soFar;
    if (last) throw new DomainError('engine_error', this.#systemError.toString().trim());
  }
}
