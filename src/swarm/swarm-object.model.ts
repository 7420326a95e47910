import { ObjectType } from '@nestjs/graphql';
import { OutBigInteger, OutText, OutTextMap, OutTime } from '../common/output-fields.js';
import type { SwarmObject } from '../gate/engine-handle.js';

/** What all objects of a swarm have. */
@ObjectType({ isAbstract: true })
export abstract class OfSwarm {
  @OutText('The name of the engine that was asked.')
  engine!: string;

  @OutText('The full id, the same on all engines of the swarm.')
  id!: string;

  @OutBigInteger('Differs after each change. Given with a change, it keeps others’ changes from being lost.')
  version!: number;

  @OutTextMap('Labels.')
  labels!: Record<string, string>;

  @OutTime('When it was created.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

/** @param labels of its spec */
export function toOfSwarm(
  engine: string,
  { ID, Version, CreatedAt, UpdatedAt }: SwarmObject,
  labels: Readonly<Record<string, string>> | null | undefined,
): OfSwarm {
  return {
    engine,
    id: ID,
    version: Version.Index,
    labels: { ...labels },
    createdAt: toTime(CreatedAt),
    updatedAt: toTime(UpdatedAt),
  };
}

function toTime(text: string | undefined): string {
  const time = Date.parse(text ?? '');
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}
