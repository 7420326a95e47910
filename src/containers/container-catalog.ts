import { markImmutable } from '../common/immutable.js';
import type { ContainerRecord } from '../gate/engine-handle.js';
import { toContainer } from './container.mapper.js';
import type { Container } from './container.model.js';
import { statusLasts } from './container-status.js';

/** A container as lists show it, and for how long. */
export interface ContainerEntry {
  readonly container: Container;
  /** When its status text counts on, in milliseconds since the epoch. */
  readonly until: number;
}

const entries = new WeakMap<ContainerRecord, ContainerEntry>();
const texts = new WeakMap<Container, string>();

/** The container as lists show it: the same object until the container or its status text changes. Never to be changed. */
export function containerOf(engine: string, record: ContainerRecord, now: number): ContainerEntry {
  const known = entries.get(record);
  if (known && now < known.until) return known;
  const container = toContainer(engine, record.kept, now);
  markImmutable(container);
  const entry = { container, until: now + statusLasts(record.kept.State, now) };
  entries.set(record, entry);
  return entry;
}

/** The container as JSON, written once. */
export function jsonOf(container: Container): string {
  const known = texts.get(container);
  if (known !== undefined) return known;
  const text = JSON.stringify(container);
  texts.set(container, text);
  return text;
}
