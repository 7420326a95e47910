import { ObjectType } from '@nestjs/graphql';
import { OutChoice, OutInteger, OutText } from '../common/output-fields.js';

/**
 * `reset`: forget what you know, all there is follows. `synced`: that was all, from here on it is changes. `stale`, `live`:
 * the engine went away, came back.
 */
export const OBJECT_CHANGE_KINDS = [
  'added',
  'updated',
  'removed',
  'reset',
  'synced',
  'stale',
  'live',
] as const;
export type ObjectChangeKind = (typeof OBJECT_CHANGE_KINDS)[number];

/** What every watcher is told, whatever it watches; each kind of objects adds a field that holds the object. */
@ObjectType({ isAbstract: true })
export abstract class ObjectChange {
  @OutChoice(
    OBJECT_CHANGE_KINDS,
    'What happened. After `reset` comes all there is, after `synced` only what changes; `stale` and `live` tell that the engine went away and came back.',
  )
  kind!: ObjectChangeKind;

  @OutText(
    'What the object is known by: its full id; the name of a volume. Null where it is not about one.',
    {
      nullable: true,
    },
  )
  id!: string | null;

  @OutText('To come back with: what is told from here on. Null where there is no coming back to it.', {
    nullable: true,
  })
  revision!: string | null;

  @OutInteger('For how many seconds the engine has been away; null while it is there.', { nullable: true })
  staleSeconds!: number | null;
}
