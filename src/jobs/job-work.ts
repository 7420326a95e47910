import type { Actor } from '../common/actor.js';
import type { JobKind } from './job-kinds.js';

/** What a job is to do, as it is listed. */
export interface JobSpec {
  readonly kind: JobKind;
  readonly engine?: string | undefined;
  readonly target?:
    | { readonly kind: string; readonly id?: string | undefined; readonly name?: string | undefined }
    | undefined;
}

/** How far one part of the work is, such as one layer of an image. */
export interface ProgressPart {
  /** Names the part within the job. */
  readonly id: string;
  readonly message?: string | undefined;
  readonly current?: number | undefined;
  readonly total?: number | undefined;
}

/** What is left out stays as it was; parts are merged by their id. */
export interface ProgressUpdate {
  readonly current?: number | undefined;
  readonly total?: number | undefined;
  /** From 0 to 100. Made of `current` and `total` where it is left out. */
  readonly percent?: number | undefined;
  readonly message?: string | undefined;
  readonly parts?: readonly ProgressPart[] | undefined;
}

/** What the work of a job is given. */
export interface JobContext {
  readonly id: string;
  /**
   * Who the work is to act as: who started the job, no longer bound to the ten minutes that the access token of a sign-in
   * lives. It still ends with the session or the API token, and with the right to what it does.
   */
  readonly actor: Actor;
  /** Aborted when the job is cancelled, when its actor's session or token is over, and when the program stops. The work is to end soon after. */
  readonly signal: AbortSignal;
  /** Tells how far the work is. Cheap: call it as often as there is news. What it is given must hold no secret. */
  progress(update: ProgressUpdate): void;
  /** Keeps a line of output; the last 32 KiB are kept. Shown to who started the job, and to holders of `jobs:readLog`. */
  log(line: string): void;
}

/**
 * @returns what came of it: a small document without secrets, at most 16 KiB as JSON; null for nothing
 * @throws DomainError whose kind and message are told as the job's error; anything else is told as `internal`
 */
export type JobWork<T extends object | null> = (job: JobContext) => Promise<T>;
