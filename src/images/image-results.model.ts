import { ObjectType } from '@nestjs/graphql';
import { OutBigInteger, OutBoolean, OutInteger, OutText, OutTime } from '../common/output-fields.js';

@ObjectType({ description: 'A step that an image was built by.' })
export class ImageHistoryStep {
  @OutText('The id of the image that it made; null where the engine does not have that.', { nullable: true })
  id!: string | null;

  @OutTime('When it was done.')
  createdAt!: string;

  @OutText('What was done.')
  createdBy!: string;

  @OutText('Names of what it made.', { list: true })
  tags!: string[];

  @OutBigInteger('Bytes that it added.')
  size!: number;

  @OutText('What was remarked.')
  comment!: string;
}

@ObjectType({ description: 'A repository that a search found.' })
export class ImageSearchResult {
  @OutText('Its name.')
  name!: string;

  @OutText('What it says of itself.')
  description!: string;

  @OutInteger('How many people like it.')
  stars!: number;

  @OutBoolean('Whether the registry vouches for it.')
  official!: boolean;
}

@ObjectType({ description: 'What removing did.' })
export class RemovedImage {
  @OutText('Names that images lost.', { list: true })
  untagged!: string[];

  @OutText('Ids of images and layers that are gone.', { list: true })
  deletedIds!: string[];
}

@ObjectType({ description: 'What pruning did, or would do.' })
export class PrunedImages extends RemovedImage {
  @OutBigInteger('Bytes that these images had and no other: so many at least come free.')
  spaceReclaimed!: number;
}

@ObjectType({ description: 'What pruning of the build cache did.' })
export class PrunedBuildCache {
  @OutText('Ids of cached steps that are gone.', { list: true })
  deletedIds!: string[];

  @OutBigInteger('Bytes of disk that came free.')
  spaceReclaimed!: number;
}
