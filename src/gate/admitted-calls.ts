import { type Duplex, pipeline, type Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';
import type { EngineAnswer, EngineHijack, EngineStream } from '../engine/engine-connection.js';
import type { DocumentOf } from '../state/watched-kinds.js';
import type { MadeIds } from '../audit/audit-record.js';
import type { Admission } from './admission.js';
import { madeIds, madeImage } from './audit-subject.js';
import { withoutOthers } from './engine-messages.js';
import type { GateRooms } from './gate-rooms.js';
import { MadeImages, makerOf } from './made-images.js';
import { inspectedBy, listedBy } from './reading-operations.js';
import { StreamOutcome } from './stream-outcome.js';

/** `outcome` of a change tells when it is over and written down. */
interface AdmittedStream {
  readonly answer: EngineStream;
  readonly outcome: StreamOutcome | undefined;
}

/**
 * Calls that were admitted, with all that belongs to one: its record before it and its outcome after it, who owns what it made,
 * what memory has to look at again, its answer cut down to what the actor may see, and its end when the right is withdrawn.
 */
export class AdmittedCalls {
  constructor(private readonly rooms: GateRooms) {}

  /** A whole answer. */
  async json<T>(admission: Admission): Promise<EngineAnswer<T>> {
    const { connection, operation, request } = admission;
    const inspected = inspectedBy(operation.id);
    if (inspected) {
      const answer = await connection.json<DocumentOf<typeof inspected>>(operation.id, request);
      return {
        ...answer,
        body: (await this.rooms.visibility.inspection(admission, inspected, answer.body)) as T,
      };
    }
    const listed = listedBy(operation.id);
    if (listed) {
      const answer = await connection.json<unknown>(operation.id, request);
      return { ...answer, body: (await this.rooms.visibility.listed(admission, listed, answer.body)) as T };
    }
    const answer = await this.followed(
      admission,
      () => connection.json<T>(operation.id, request),
      ({ body }) => body,
    );
    return { ...answer, body: this.rooms.cuts.cut(admission, answer.body) };
  }

  /** In the engine's own bytes where nothing of the answer is hidden from the actor. */
  async bytes(admission: Admission): Promise<EngineAnswer<Buffer>> {
    const { connection, operation, request } = admission;
    const { cuts } = this.rooms;
    if (cuts.isWhole(admission)) {
      const answer = await this.followed(
        admission,
        () => connection.bytes(operation.id, request),
        documentIn,
      );
      if (cuts.isOnlyOthers(admission, answer.body)) return answer;
    }
    const { body, ...answer } = await this.json<unknown>(admission);
    return { ...answer, body: Buffer.from(`${JSON.stringify(await cuts.passedOn(admission, body))}\n`) };
  }

  /** An answer that goes on. */
  async stream(admission: Admission): Promise<AdmittedStream> {
    const { actor, operation } = admission;
    // As a mere stream, what is to be cut down would pass as it is: that has methods of its own.
    if (operation.nature !== 'stream' || operation.id === 'SystemEvents')
      throw new DomainError('internal', `${operation.id} is not a mere stream`);
    return this.rooms.open.until(
      actor,
      () => this.streamed(admission),
      ({ answer }) => answer.body,
    );
  }

  private async streamed(admission: Admission): Promise<AdmittedStream> {
    const { connection, operation, request } = admission;
    const { owners, ownChanges, admissions } = this.rooms;
    const record = await admissions.record(admission);
    const before = await owners.before(admission);
    const maker = makerOf(operation.id, request);
    const made = maker && new MadeImages(maker);
    const settle = async (failure: unknown) => {
      await owners.followImages(admission, before, made?.references ?? []);
      ownChanges.follow(admission, undefined);
      await (failure === undefined
        ? record?.succeeded(madeImage(made?.references))
        : record?.failed(failure));
    };
    const ended = new AbortController();
    let isWhole = false;
    const requireStill = async () => {
      await this.requireStill(admission);
      if (isWhole) await this.rooms.swarmLogs.requireWhole(admission);
    };
    // Before it answers, an engine may take an upload for as long as that goes on.
    const withdrawn = this.rooms.liveAccess.watch(requireStill, ended.signal);
    try {
      const signal = AbortSignal.any([withdrawn, ...(request.signal ? [request.signal] : [])]);
      const told = await connection.stream(operation.id, { ...request, signal });
      const { body, isCut } = await this.asRead(admission, told.body);
      isWhole = !isCut;
      const answer = { ...told, body: made ? through(body, made) : body };
      destroyWhen(withdrawn, answer.body, ended);
      return { answer, outcome: operation.changes ? new StreamOutcome(answer.body, settle) : undefined };
    } catch (error) {
      ended.abort();
      const failure: unknown = withdrawn.aborted ? withdrawn.reason : error;
      await settle(failure);
      throw failure;
    }
  }

  /** A connection that is given over. */
  hijack(admission: Admission): Promise<EngineHijack> {
    const hijacked = async () => {
      const hijack = await admission.connection.hijack(admission.operation.id, admission.request);
      this.endWithRight(admission, hijack.socket);
      return hijack;
    };
    return this.rooms.open.until(
      admission.actor,
      () => this.recorded(admission, hijacked),
      ({ socket }) => socket,
    );
  }

  /** What `open` gives, until the right is withdrawn or `signal` is aborted. */
  whileAllowed<T>(
    admission: Admission,
    signal: AbortSignal,
    open: (live: AbortSignal) => AsyncIterable<T>,
  ): Promise<AsyncIterable<T>> {
    return this.rooms.liveAccess.whileLive(() => this.requireStill(admission), signal, open);
  }

  /** Destroys `stream` when the right is withdrawn. */
  endWithRight(admission: Admission, stream: Duplex | EngineStream['body']): void {
    const ended = new AbortController();
    destroyWhen(
      this.rooms.liveAccess.watch(() => this.requireStill(admission), ended.signal),
      stream,
      ended,
    );
  }

  /** A call with all that has to follow it: its record, who owns what it made, what memory has to look at again. */
  private async followed<T>(
    admission: Admission,
    call: () => Promise<EngineAnswer<T>>,
    read: (answer: EngineAnswer<T>) => unknown,
  ): Promise<EngineAnswer<T>> {
    const startedAt = Date.now();
    let body: unknown;
    try {
      return await this.recorded(
        admission,
        async () => {
          if (!admission.operation.changes) return call();
          const answer = await this.rooms.volumes.making(admission, async () => {
            const told = await call();
            body = read(told);
            if (admission.operation.id === 'ContainerCreate')
              await this.rooms.volumes.requireHeld(admission, (body as { Id: string }).Id);
            return told;
          });
          await this.rooms.owners.follow(admission, body, startedAt);
          return answer;
        },
        () => madeIds(admission.operation.id, body),
      );
    } finally {
      this.rooms.ownChanges.follow(admission, body);
    }
  }

  /** The record of a change is there before the engine hears of it, and has its outcome before the caller does. */
  private async recorded<T>(admission: Admission, call: () => Promise<T>, made?: () => MadeIds): Promise<T> {
    const record = await this.rooms.admissions.record(admission);
    try {
      const answer = await call();
      await record?.succeeded(made?.());
      return answer;
    } catch (error) {
      await record?.failed(error);
      throw withoutOthers(error, admission);
    }
  }

  /** The answer as the actor may have it. What is refused only now is recorded. */
  private async asRead(
    admission: Admission,
    body: Readable,
  ): Promise<{ readonly body: Readable; readonly isCut: boolean }> {
    try {
      await this.rooms.saved.requireSame(admission, body);
      return await this.rooms.swarmLogs.asRead(admission, body);
    } catch (reason) {
      const isRefusal = reason instanceof DomainError && ['conflict', 'forbidden'].includes(reason.kind);
      if (isRefusal) await this.rooms.admissions.refused(admission, reason);
      throw reason;
    }
  }

  /** @throws DomainError once the right that `admission` was given for is gone */
  private async requireStill(admission: Admission): Promise<void> {
    await this.rooms.authentication.requireLive(admission.actor);
    await this.rooms.admissions.recheck(admission);
  }
}

/** @param ended to be aborted when the stream is over */
function destroyWhen(withdrawn: AbortSignal, stream: Duplex | Readable, ended: AbortController): void {
  stream.once('close', () => ended.abort());
  const destroy = () => stream.destroy(withdrawn.reason as Error);
  if (withdrawn.aborted) destroy();
  else withdrawn.addEventListener('abort', destroy, { once: true });
}

/** Whichever of the two ends or fails takes the other with it: the last one tells how. */
function through(body: Readable, next: Duplex): Duplex {
  pipeline(body, next, () => undefined);
  return next;
}

/** What an answer to a change says; undefined where it says nothing. */
function documentIn({ headers, body }: EngineAnswer<Buffer>): unknown {
  const isJson = body.length > 0 && headers['content-type']?.includes('json') === true;
  return isJson ? (JSON.parse(body.toString()) as unknown) : undefined;
}
