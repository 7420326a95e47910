import type { EngineConnection, EngineStream } from '../engine/engine-connection.js';
import { engineEvent, eventText } from '../engine/wire/engine-event.js';
import { jsonStream, jsonTexts } from '../engine/wire/json-stream.js';
import type { EngineEvent } from '../streams/streams.js';
import { failureIn, type StreamOutcome } from './stream-outcome.js';

/** A piece of what a process wrote. `console` where it has a terminal. */
export interface TerminalOutput {
  readonly stream: 'stdin' | 'stdout' | 'stderr' | 'console';
  readonly data: Buffer;
}

/** The values of a sequence of JSON; it is over when what the call changed can be read. */
export async function* documentsOf<T>(
  answer: EngineStream,
  outcome: StreamOutcome | undefined,
): AsyncGenerator<T> {
  try {
    for await (const document of jsonStream(answer.body)) {
      const failure = failureIn(document);
      if (failure !== undefined) outcome?.fail(failure);
      yield document as T;
    }
  } finally {
    answer.body.destroy();
    await outcome?.settled;
  }
}

/** Events that lie back, as the engine remembers them. */
export async function* pastEvents(
  connection: EngineConnection,
  query: { since: string | undefined; until: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const { body } = await connection.stream('SystemEvents', { query, signal });
  for await (const document of jsonStream(body)) yield engineEvent(document);
}

/** Events as the engine wrote them, or, where something of one is hidden, without that. */
export async function* textsOf(
  body: EngineStream['body'],
  see: (event: EngineEvent) => Promise<EngineEvent | undefined>,
): AsyncGenerator<string> {
  for await (const text of jsonTexts(body)) {
    const event = engineEvent(JSON.parse(text));
    const seen = await see(event);
    if (seen) yield seen === event ? text : eventText(text, seen);
  }
}

/** Output of a process with a terminal has no streams to tell apart. */
export async function* consoleOutput(socket: AsyncIterable<Buffer>): AsyncGenerator<TerminalOutput> {
  for await (const data of socket) yield { stream: 'console', data };
}
