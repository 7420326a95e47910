import { InputType } from '@nestjs/graphql';
import { InDateTime } from '../common/date-time.js';
import { InBoolean, InChoice, InObject, InText } from '../common/input-fields.js';
import { InEngineName } from '../common/references.js';
import { InId } from '../identity/id-field.js';
import { DOORWAY_SUBJECT_KINDS, type DoorwaySubjectKind } from './doorway.js';

/** It stands in paths of files, so it is kept to lower-case letters, digits and `-`. */
export const DOORWAY_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

const DESCRIPTION = { description: 'What it is for.', max: 500, optional: true } as const;
const PERMISSIONS = {
  description:
    'All that it may be used for, of what the subject may: permissions, with `*` for either side. Default: all that the subject may.',
  min: 3,
  max: 100,
  list: { max: 200 },
  optional: true,
  example: ['containers:list', 'containers:get', 'system:*'],
} as const;

@InputType({ description: 'Whom a scoped socket or a client certificate stands for.' })
export class DoorwaySubjectInput {
  @InChoice({ description: 'What it is.', values: DOORWAY_SUBJECT_KINDS })
  kind!: DoorwaySubjectKind;

  @InId('Its id.')
  id!: string;
}

/** What making a scoped socket and a client certificate have in common. */
@InputType({ isAbstract: true })
export abstract class CreateDoorwayInput {
  @InText({
    description: 'What it is called.',
    min: 1,
    max: 40,
    pattern: DOORWAY_NAME,
    patternHint: 'lower-case letters, digits and "-"',
    example: 'proxy',
  })
  name!: string;

  @InText({ ...DESCRIPTION, description: `${DESCRIPTION.description} Default: nothing.` })
  description?: string;

  @InObject(() => DoorwaySubjectInput, {
    description: 'Whom it stands for: somebody who may do no more than you.',
  })
  subject!: DoorwaySubjectInput;

  @InEngineName()
  engine!: string;

  @InText({ ...PERMISSIONS, list: { min: 1, ...PERMISSIONS.list } })
  permissions?: string[];

  @InDateTime('When it ends. Default: not by itself; with an API token, when that ends.', { optional: true })
  expiresAt?: string;
}

/** What changing a scoped socket and a client certificate have in common. What is left out stays. */
@InputType({ isAbstract: true })
export abstract class UpdateDoorwayInput {
  @InText(DESCRIPTION)
  description?: string;

  @InText({
    ...PERMISSIONS,
    description:
      'All that it may be used for, of what the subject may. The empty list means all that the subject may.',
  })
  permissions?: string[];

  @InBoolean({ description: 'Whether nobody may come in by it.', optional: true })
  disabled?: boolean;

  @InDateTime('When it ends.', { optional: true })
  expiresAt?: string;
}
