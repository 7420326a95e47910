import { InText } from '../common/input-fields.js';
import { MAX_PASSWORD_INPUT, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password-policy.js';
import { SecondFactorInput } from './second-factor.inputs.js';

/** What signing in takes. What a username or password must be is not told here: it would only help to guess. */
export class SignInInput extends SecondFactorInput {
  @InText({ description: 'In any case.', min: 1, max: 255, example: 'admin' })
  username!: string;

  @InText({ description: 'The password.', min: 1, max: MAX_PASSWORD_INPUT, example: 'correct horse battery' })
  password!: string;
}

export class RefreshInput {
  @InText({ description: 'The newest refresh token of the session. It can be used once.', min: 1, max: 255 })
  refreshToken!: string;
}

export class ChangePasswordInput {
  @InText({ description: 'The password that holds now.', min: 1, max: MAX_PASSWORD_INPUT })
  currentPassword!: string;

  @InText({
    description: `The password from now on: ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, and none of what is tried first.`,
    min: 1,
    max: MAX_PASSWORD_INPUT,
  })
  newPassword!: string;
}
