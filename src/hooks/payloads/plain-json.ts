import { textAt, valueAt } from './json-pointer.js';
import type { Pointers, SentPayload, Understood } from './sent-payload.js';

/** JSON of any form: what it says is where the hook was told to look. */
export function plainJson({ document }: SentPayload, pointers: Pointers): Understood {
  const text = (pointer: string | undefined) =>
    pointer === undefined ? undefined : textAt(document, pointer);
  return {
    happenings: [
      {
        repository: text(pointers.repository),
        tag: text(pointers.tag),
        digest: text(pointers.digest),
        replicas: pointers.replicas === undefined ? undefined : valueAt(document, pointers.replicas),
      },
    ],
  };
}
