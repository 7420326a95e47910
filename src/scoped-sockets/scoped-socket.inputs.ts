import { ArgsType, InputType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';
import type { SocketFile } from '../doorways/doorway.js';
import { CreateDoorwayInput, UpdateDoorwayInput } from '../doorways/doorway.inputs.js';
import { InId } from '../identity/id-field.js';
import { FILE_OWNER } from './file-owners.js';

/** The process' own user, and its group: nobody else until somebody is named. */
const DEFAULT_MODE = 0o660;

const MODE = {
  description: 'The permission bits of its file, octal: whoever may write to it may connect.',
  min: 3,
  max: 4,
  pattern: /^0?[0-7]{3}$/,
  patternHint: 'permission bits, octal, such as 0660',
  optional: true,
  example: '0660',
} as const;
const owner = (what: 'user' | 'group', end: string) =>
  ({
    description: `The ${what} that its file belongs to: a number, or a name on the machine of Dockmaster.${end}`,
    min: 1,
    max: 32,
    pattern: FILE_OWNER,
    patternHint: `the number or name of a ${what}`,
    optional: true,
    example: what === 'user' ? '1000' : 'docker',
  }) as const;
const AS_IT_IS = ' Default: that of the process.';

@InputType({ description: 'A unix socket to open, by which programs of this machine act as somebody.' })
export class CreateScopedSocketInput extends CreateDoorwayInput {
  @InText({ ...MODE, description: `${MODE.description} Default: 0660.` })
  mode?: string;

  @InText(owner('user', AS_IT_IS))
  owner?: string;

  @InText(owner('group', AS_IT_IS))
  group?: string;
}

@InputType({
  description: 'What to change of a scoped socket; what is left out stays. Its open connections end.',
})
export class UpdateScopedSocketInput extends UpdateDoorwayInput {
  @InText(MODE)
  mode?: string;

  @InText(owner('user', ''))
  owner?: string;

  @InText(owner('group', ''))
  group?: string;
}

/** What the path `/scoped-sockets/{id}` carries. */
@ArgsType()
export class ScopedSocketPath {
  @InId('The id of the scoped socket.')
  id!: string;
}

/** @param known what stays where nothing else is said */
export function toSocketFile(
  { mode, owner, group }: UpdateScopedSocketInput,
  known: SocketFile = { mode: DEFAULT_MODE, owner: null, group: null },
): SocketFile {
  return {
    mode: mode === undefined ? known.mode : Number.parseInt(mode, 8),
    owner: owner ?? known.owner,
    group: group ?? known.group,
  };
}
