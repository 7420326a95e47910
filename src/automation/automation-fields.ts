import { InText } from '../common/input-fields.js';
import { InId } from '../identity/id-field.js';

/** Fields that inputs of hooks and of schedules have alike. */

/** The input field of a name. */
export const InAutomationName = ({ optional = false } = {}): PropertyDecorator =>
  InText({
    description: 'What people call it.',
    min: 1,
    max: 64,
    pattern: /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/,
    patternHint: 'lower-case letters, digits, ".", "_" and "-"',
    optional,
    example: 'deploy-web',
  });

/** The input field of what it is for. */
export const InPurpose = (): PropertyDecorator =>
  InText({ description: 'What it is for.', max: 1_024, optional: true });

/** The input field of who it acts as. */
export const InServiceAccount = (options: { optional?: boolean } = {}): PropertyDecorator =>
  InId(
    'The id of the service account that it acts as. It may do no more than you, and needs a role binding of its own.',
    options,
  );
