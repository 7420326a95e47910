import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

/** What a service may be called, as SwarmKit's names are. */
const SERVICE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?$/;

/** The input field of a service's name, or of what names it. */
export const InServiceName = (
  description = "The service's id, the start of one, or its name.",
  { optional = false, fromText = false } = {},
): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 63,
    pattern: SERVICE_NAME,
    patternHint: 'a service id or name: letters, digits, "_" and "-", and at both ends a letter or digit',
    optional,
    fromText,
    example: 'web',
  });

/** What the path `/engines/{engine}/services/{id}/…` carries, and the arguments of GraphQL fields on a service. */
@ArgsType()
export class ServicePath extends EnginePath {
  @InServiceName()
  id!: string;
}
