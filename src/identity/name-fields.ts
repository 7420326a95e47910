import { InText } from '../common/input-fields.js';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const NAME_HINT = '1 to 64 of letters, digits, ".", "_" and "-"';

/** The input field of a username, or of the name of a team or service account. It is kept in lower case. */
export const InName = (
  description: string,
  example: string,
  options: { optional?: boolean } = {},
): PropertyDecorator =>
  InText({ description, min: 1, max: 64, pattern: NAME, patternHint: NAME_HINT, example, ...options });

/** The input field of what a team or service account is for. */
export const InDescription = (): PropertyDecorator =>
  InText({ description: 'What it is for. Default: nothing.', max: 500, optional: true });
