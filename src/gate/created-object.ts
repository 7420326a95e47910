import { RESERVED_LABELS } from '../common/reserved-labels.js';
import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { SecurityLevel } from '../common/security-level.js';
import type { OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import type { Authoriser } from './authoriser.js';
import { repositoryOf } from './image-names.js';

/** What is known beforehand of an object that a call makes: a scope is held against that. */
export interface CreatedObject {
  readonly labels: Readonly<Record<string, string>>;
  /** Of an image, the repositories that it is to have names in. */
  readonly repositories?: readonly string[];
}

export { RESERVED_LABELS };

/** Undefined for calls that make nothing that a scope could be held against. */
export function createdBy(id: OperationId, { body, query = {} }: EngineRequest): CreatedObject | undefined {
  switch (id) {
    case 'ContainerCreate':
    case 'NetworkCreate':
    case 'VolumeCreate':
    case 'ServiceCreate':
    case 'SecretCreate':
    case 'ConfigCreate':
      return { labels: labelsOf(body) };
    case 'ImageCreate':
      return { labels: {}, repositories: namesOf(query['fromImage'] ?? query['repo']).map(repositoryOf) };
    case 'ImageBuild':
      return { labels: labelsOfQuery(query['labels']), repositories: namesOf(query['t']).map(repositoryOf) };
    default:
      return undefined;
  }
}

/** Up to which the actor reaches what the call makes. */
export async function levelOfCreated(
  authoriser: Authoriser,
  { rights, operation, request }: Admission,
): Promise<SecurityLevel> {
  const { labels = {}, repositories } = createdBy(operation.id, request) ?? {};
  return (await rights.level(operation.permission, authoriser.created(labels, repositories))) ?? 'restricted';
}

/** The name that a body asks for; empty where the engine is to find one. */
export function nameInBody(request: EngineRequest): string {
  return textInBody(request, 'Name');
}

/** A text of a body; empty where there is none. */
export function textInBody({ body }: EngineRequest, field: string): string {
  const text = (body as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof text === 'string' ? text : '';
}

/** The labels that a body asks for. */
export function labelsOf(body: unknown): Readonly<Record<string, string>> {
  return (body as { Labels?: Record<string, string> | null } | undefined)?.Labels ?? {};
}

export function isReserved(label: string): boolean {
  return label.toLowerCase().startsWith(RESERVED_LABELS);
}

/** @throws DomainError `invalid_input` that names each label which only Dockmaster writes */
export function refuseReserved(labels: readonly string[]): void {
  const reserved = labels.filter(isReserved);
  if (reserved.length > 0) throw reservedLabels(reserved);
}

/** The error for labels that a caller may not write. */
export function reservedLabels(keys: readonly string[]): DomainError {
  return new DomainError('invalid_input', `Labels under ${RESERVED_LABELS} are Dockmaster's own`, {
    errors: keys
      .slice(0, 20)
      .map((key) => ({ field: `labels.${key.slice(0, 100)}`, message: 'is reserved' })),
  });
}

/** The names that a query parameter holds, once or several times. */
export function namesOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((name): name is string => typeof name === 'string' && name !== '');
}

/**
 * ImageBuild's `labels`: an object, which is sent as JSON, or that JSON.
 *
 * @throws DomainError `invalid_input` for what is neither
 */
function labelsOfQuery(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === '') return {};
  const labels = typeof value === 'string' ? parsed(value) : value;
  if (typeof labels === 'object' && labels !== null && !Array.isArray(labels))
    return labels as Record<string, string>;
  const message = 'must be an object of texts';
  throw new DomainError('invalid_input', `labels ${message}`, { errors: [{ field: 'labels', message }] });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // refused by who asked
  }
}
