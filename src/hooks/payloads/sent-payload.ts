/** Where values are in a payload of one's own, each by a JSON pointer. */
export interface Pointers {
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly replicas?: string | undefined;
  readonly repository?: string | undefined;
}

/** One thing that a call tells of, as it was sent: nothing of it is checked. */
export interface Happening {
  /** With its registry, where the sender tells it. */
  readonly repository?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly replicas?: unknown;
}

/** What a call tells of. */
export type Understood = { readonly happenings: readonly Happening[] } | { readonly ignored: string };

/** How a call was sent. */
export interface SentPayload {
  readonly document: unknown;
  /** The header `X-GitHub-Event`. */
  readonly event: string | undefined;
}
