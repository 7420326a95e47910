import type { EngineConnection } from '../../engine/engine-connection.js';
import type { EngineEvent } from '../../engine/wire/engine-event.js';
import type { Hint, ListedObject, OnDemand, WatchedKind } from '../watched-kind.js';
import { testRecord, type TestKept, type TestRecord } from './records.js';

export interface TestDocument {
  readonly id: string;
  readonly version: number;
  /** Different where something changed that lists do not show. */
  readonly secret: string;
  readonly active: boolean;
}

/** A kind of objects whose engine the test is. For tests. */
export class ScriptedKind implements WatchedKind<TestKept, TestDocument> {
  readonly name = 'test';

  /** @param onDemand makes it a kind on demand */
  constructor(readonly onDemand?: OnDemand) {}

  /** What there is. */
  readonly objects = new Map<string, TestDocument>();
  /** The ids that were read so far, and `*` for each list. */
  readonly asked: string[] = [];
  private readonly held: (() => void)[] = [];
  private holding = false;
  private failure: Error | undefined;
  private readonly failures = new Map<string, Error>();

  set(id: string, { version = 1, secret = '', active = true }: Partial<TestDocument> = {}): void {
    this.objects.set(id, { id, version, secret, active });
  }

  /** From now on answers are made at once, as they were true then, but come only with `release`. */
  hold(): void {
    this.holding = true;
  }

  /** Answers that were held come now. */
  release(): void {
    this.holding = false;
    for (const go of this.held.splice(0)) go();
  }

  /** From now on there are no answers but this error. */
  fail(error: Error | undefined): void {
    this.failure = error;
  }

  /** From now on there is this error for the reading of one object. */
  failFor(id: string, error: Error | undefined): void {
    if (error) this.failures.set(id, error);
    else this.failures.delete(id);
  }

  async list(): Promise<ListedObject<TestDocument>[]> {
    const objects = [...this.objects.values()];
    return this.answer(
      '*',
      objects.map((object) => ({
        id: object.id,
        fingerprint: String(object.version),
        active: object.active,
        ...(this.onDemand ? { document: object } : {}),
      })),
    );
  }

  read(_connection: EngineConnection, id: string): Promise<TestDocument | undefined> {
    return this.answer(id, this.objects.get(id));
  }

  toRecord({ id, version, secret }: TestDocument): TestRecord {
    return testRecord(id, { version, labels: secret === '' ? {} : { secret } });
  }

  /** Events that a test makes name the object and, as action, what they change. */
  hint({ type, action, actorId }: EngineEvent): Hint | undefined {
    if (type !== this.name) return undefined;
    return { id: actorId, changes: action === 'document' ? 'document' : 'object' };
  }

  private async answer<T>(what: string, answer: T): Promise<T> {
    this.asked.push(what);
    const failure = this.failure ?? this.failures.get(what);
    if (this.holding) await new Promise<void>((resolve) => this.held.push(resolve));
    if (failure) throw failure;
    return answer;
  }
}

/** That something happened to an object. */
export function testEvent(actorId: string, action = 'object', type = 'test'): EngineEvent {
  return { type, action, actorId, attributes: {}, scope: 'local', time: '', timeNano: 0 };
}
