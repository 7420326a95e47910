import { FrameParser, type FrameStream } from './frame-parser.js';

/** Bytes that a container read or wrote: a frame of a multiplexed stream, or a piece of a large one. */
export interface Frame {
  stream: FrameStream;
  data: Buffer;
}

/**
 * The frames of a multiplexed stream (attach, exec and logs of a container without a TTY), in order. A frame that is larger
 * than one read comes in several pieces; nothing is held back and nothing is copied.
 *
 * @throws DomainError `engine_error` for a stream that is not multiplexed or an error that the engine reports inside
 *   it; `engine_unavailable` when the stream ends inside a frame; whatever `source` throws.
 */
export async function* multiplexed(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let frames: Frame[] = [];
  const parser = new FrameParser((stream, chunk, start, end) => {
    if (end > start) frames.push({ stream, data: chunk.subarray(start, end) });
  });
  for await (const chunk of source) {
    try {
      parser.write(chunk);
    } finally {
      // What came before a broken header is still the container's output.
      for (const frame of frames) yield frame;
      frames = [];
    }
  }
  parser.end();
}
