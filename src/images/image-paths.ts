import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InImage } from '../common/references.js';

/** What the path `/engines/{engine}/images/{id}/…` carries, and the arguments of GraphQL fields on an image. */
@ArgsType()
export class ImagePath extends EnginePath {
  @InImage()
  id!: string;
}
