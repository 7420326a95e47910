import { ObjectType } from '@nestjs/graphql';
import { OutChoice, OutInteger, OutObject, OutText } from '../common/output-fields.js';
import { Container } from './container.model.js';

/**
 * `reset`: forget what you know, all there is follows. `synced`: that was all, from here on it is changes. `stale`, `live`:
 * the engine went away, came back.
 */
export const CONTAINER_CHANGE_KINDS = [
  'added',
  'updated',
  'removed',
  'reset',
  'synced',
  'stale',
  'live',
] as const;

@ObjectType({ description: 'Something new about the containers of an engine.' })
export class ContainerChange {
  @OutChoice(
    CONTAINER_CHANGE_KINDS,
    'What happened. After `reset` comes all there is, after `synced` only what changes; `stale` and `live` tell that the engine went away and came back.',
  )
  kind!: (typeof CONTAINER_CHANGE_KINDS)[number];

  @OutText('The full id of the container; null where it is not about one.', { nullable: true })
  id!: string | null;

  @OutObject(() => Container, 'The container as it is now, or was before it was removed.', { nullable: true })
  container!: Container | null;

  @OutText('To come back with: what is told from here on. Null where there is no coming back to it.', {
    nullable: true,
  })
  revision!: string | null;

  @OutInteger('For how many seconds the engine has been away; null while it is there.', { nullable: true })
  staleSeconds!: number | null;
}
