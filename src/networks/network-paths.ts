import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

const NETWORK_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** The input field of a network's name, or of what names it. */
export const InNetworkName = (
  description = "The network's id, the start of one, or its name.",
  { optional = false } = {},
): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 255,
    pattern: NETWORK_NAME,
    patternHint: 'a network id or name: letters, digits, "_", "." and "-"',
    optional,
    example: 'frontend',
  });

/** What the path `/engines/{engine}/networks/{id}/…` carries, and the arguments of GraphQL fields on a network. */
@ArgsType()
export class NetworkPath extends EnginePath {
  @InNetworkName()
  id!: string;
}
