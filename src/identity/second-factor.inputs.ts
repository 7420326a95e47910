import { InputType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';
import { MAX_PASSWORD_INPUT } from './password-policy.js';

const CODE = /^\d{6}$/;
const MAX_RECOVERY_CODE = 64;

/** What shows that one has the second factor. */
@InputType({ description: 'One of the two shows that you have the second factor.' })
export class SecondFactorInput {
  @InText({
    description: 'The six digits that the authenticator app shows. A code is good once.',
    max: 6,
    pattern: CODE,
    patternHint: 'six digits',
    optional: true,
    example: '492039',
  })
  totp?: string;

  @InText({
    description: 'One of the recovery codes instead. Each is good once.',
    min: 1,
    max: MAX_RECOVERY_CODE,
    optional: true,
    example: '7k2m9q-x4c8vn-0hbt5e-w3jzr6',
  })
  recoveryCode?: string;
}

@InputType()
export class EnrolTotpInput {
  @InText({ description: 'Your password.', min: 1, max: MAX_PASSWORD_INPUT })
  currentPassword!: string;
}

@InputType()
export class ConfirmTotpInput {
  @InText({
    description: 'The six digits that the authenticator app shows for the new secret.',
    max: 6,
    pattern: CODE,
    patternHint: 'six digits',
    example: '492039',
  })
  code!: string;
}
