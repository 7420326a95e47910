import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface MediaType {
  schema?: { $ref?: string };
}

interface Operation {
  responses: Record<string, { content?: Record<string, MediaType> }>;
}

interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
}

/** An answer as a test received it. */
export interface ReceivedAnswer {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

const ROOT = 'openapi.json';

/** Holds answers against `openapi/openapi.json`: their status, media type and shape must be what it says. */
export class Contract {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly routes: { pattern: RegExp; path: string; operations: Record<string, Operation> }[];
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(path = join(import.meta.dirname, '../../openapi/openapi.json')) {
    const document = JSON.parse(readFileSync(path, 'utf8')) as OpenApiDocument;
    (addFormats as unknown as (ajv: Ajv) => void)(this.ajv);
    this.ajv.addSchema(withNullableObjects(document), ROOT);
    this.routes = Object.entries(document.paths)
      .map(([template, operations]) => ({ path: template, pattern: patternOf(template), operations }))
      // What is written out goes before what has parameters: `/containers/run` before `/containers/{id}`.
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  }

  /** What is wrong with the answer, in words; empty when it keeps the contract. */
  violations({ method, path, status, contentType = '', text }: ReceivedAnswer): string[] {
    const pathname = path.split('?', 1)[0] ?? '';
    const found = this.routes.find(
      ({ pattern, operations }) => pattern.test(pathname) && method.toLowerCase() in operations,
    );
    const what = `${method} ${found?.path ?? pathname} ${status}`;
    if (!found) return status < 400 ? [`${what}: the route is not in the document`] : [];
    const response = found.operations[method.toLowerCase()]?.responses[String(status)];
    if (!response) return [`${what}: the status is not in the document: ${text.slice(0, 200)}`];
    const type = contentType.split(';', 1)[0] ?? '';
    if (!response.content || text === '') return [];
    if (!(type in response.content)) return [`${what}: ${type} is not in the document`];
    if (!type.endsWith('json')) return [];
    const pointer = `#/paths/${escape(found.path)}/${method.toLowerCase()}/responses/${status}/content/${escape(type)}/schema`;
    const values = type === 'application/x-ndjson' ? text.split('\n').filter((line) => line !== '') : [text];
    return values.flatMap((value) =>
      this.faults(pointer, JSON.parse(value)).map((fault) => `${what}: ${fault}`),
    );
  }

  private faults(pointer: string, value: unknown): string[] {
    if (pointer.includes('x-ndjson') && typeof value === 'object' && value !== null && 'error' in value)
      return [];
    let validate = this.validators.get(pointer);
    if (!validate) {
      validate = this.ajv.compile({ $ref: `${ROOT}${pointer}` });
      this.validators.set(pointer, validate);
    }
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  }
}

function patternOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\{\w+\}/g, '[^/]+')}$`);
}

function escape(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** OpenAPI's `nullable` beside an `allOf` lets null pass; JSON Schema knows no `nullable`. */
function withNullableObjects(document: OpenApiDocument): object {
  const revive = (
    _key: string,
    value: { nullable?: boolean; allOf?: unknown[]; enum?: unknown[] } | null,
  ) => {
    if (value?.nullable !== true) return value;
    if (value.allOf) return { anyOf: [...value.allOf, { type: 'null' }] };
    return value.enum ? { ...value, enum: [...value.enum, null] } : value;
  };
  return JSON.parse(JSON.stringify(document), revive) as object;
}
