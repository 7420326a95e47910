import { DomainError } from '../common/errors.js';
import type { DocumentOf, EngineHandle } from '../gate/engine-handle.js';

/** The kinds of objects that are changed at a version. */
export type VersionedKind = 'node' | 'service' | 'secret' | 'config';

/**
 * Changes an object as it is now: the engine takes a change only of the version that was read for it.
 *
 * @param version the one that the caller has seen; unless given, any
 * @param change sends the change of `document`, with `version`
 * @throws DomainError `conflict` with the current version where it was changed meanwhile, and whatever `change` throws
 */
export async function changeVersion<Kind extends VersionedKind>(
  handle: EngineHandle,
  object: { readonly kind: Kind; readonly id: string; readonly version?: number | undefined },
  change: (document: DocumentOf<Kind>, version: number) => Promise<unknown>,
): Promise<void> {
  const { kind, id, version } = object;
  const read = async () => (await handle.object(kind, id, { fresh: true })).document;
  const document = await read();
  await orLostRace(
    () => change(document, version ?? document.Version.Index),
    async () => (await read()).Version.Index,
  );
}

/**
 * Makes a call that changes something at a version, and tells of a lost race with the version that there is now.
 *
 * @throws DomainError `conflict`, and whatever else `change` throws
 */
export async function orLostRace(
  change: () => Promise<unknown>,
  current: () => Promise<number>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof DomainError) || !/update out of sequence/i.test(error.message)) throw error;
    const message = `It was changed meanwhile and has version ${await current()} now: look at it again, and send the change for that version`;
    throw new DomainError('conflict', message, { cause: error });
  }
}
