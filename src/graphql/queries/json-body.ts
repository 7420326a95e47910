import type { ExecutionResult, FormattedExecutionResult } from 'graphql';

/** The data of an answer without errors, of which the whole body is JSON already. */
export class JsonBody {
  /** @param bytes `{"data":…}` and an end of line */
  constructor(readonly bytes: Buffer) {}

  /** As the result of an execution. Whoever takes its data for an object gets one by JSON. */
  static result(bytes: Buffer): ExecutionResult {
    return { data: new JsonBody(bytes) as unknown as Record<string, unknown> };
  }

  toJSON(): unknown {
    return (JSON.parse(this.bytes.toString()) as { data: unknown }).data;
  }
}

/**
 * The body of an answer, byte for byte what Apollo makes of it by itself. What is bytes already stays so: Apollo hands a
 * body on as it is, and Fastify takes bytes as well as text.
 */
export function stringifyResult(result: FormattedExecutionResult): string {
  const { data, errors, extensions } = result;
  if (data instanceof JsonBody && errors === undefined && extensions === undefined) {
    return data.bytes as unknown as string;
  }
  return `${JSON.stringify(result)}\n`;
}
