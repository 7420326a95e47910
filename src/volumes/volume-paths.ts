import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

/** As the engine's own driver takes names; other drivers are told apart by nothing else. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** The input field that names a volume. */
export const InVolumeName = (
  description = "The volume's name.",
  { optional = false, min = 1 } = {},
): PropertyDecorator =>
  InText({
    description,
    min,
    max: 255,
    pattern: VOLUME_NAME,
    patternHint: 'a volume name: letters, digits, "_", "." and "-"',
    optional,
    example: 'data',
  });

/** What the path `/engines/{engine}/volumes/{name}/…` carries, and the arguments of GraphQL fields on a volume. */
@ArgsType()
export class VolumePath extends EnginePath {
  @InVolumeName()
  name!: string;
}
