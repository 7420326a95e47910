import type { ApiVersion } from './operations/index.js';

/** Asks the engine for the API version to speak when it is first needed; callers at the same time share the question. */
export class VersionNegotiation {
  readonly #ask: () => Promise<ApiVersion>;
  #answer: Promise<ApiVersion> | undefined;

  constructor(ask: () => Promise<ApiVersion>) {
    this.#ask = ask;
  }

  /** @throws DomainError what asking throws; the next caller asks again. */
  version(): Promise<ApiVersion> {
    this.#answer ??= this.#negotiate();
    return this.#answer;
  }

  /** The engine went away; when it comes back it may be another version. */
  forget(): void {
    this.#answer = undefined;
  }

  #negotiate(): Promise<ApiVersion> {
    const answer = this.#ask();
    answer.catch(() => {
      if (this.#answer === answer) this.#answer = undefined;
    });
    return answer;
  }
}
