import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutInteger, OutText, OutTime } from '../common/output-fields.js';
import type { SecondFactorState } from './second-factors.service.js';

@ObjectType({
  description: 'Your second factor: an authenticator app (TOTP), and recovery codes in its stead.',
})
export class SecondFactor {
  @OutBoolean('Whether signing in with your password asks for a code.')
  enabled!: boolean;

  @OutTime('When it was confirmed; null where there is none.', { nullable: true })
  confirmedAt!: string | null;

  @OutInteger('Recovery codes that were not used.')
  recoveryCodesLeft!: number;
}

@ObjectType({
  description: 'A secret for an authenticator app, shown once. It is asked for once it is confirmed.',
})
export class TotpEnrolment {
  @OutText('The shared secret, in base32, to be typed into an app.')
  secret!: string;

  @OutText('The same for a QR code: `otpauth://totp/…`.')
  otpauthUri!: string;
}

@ObjectType({ description: 'Recovery codes, shown once. Those from before are worth nothing any more.' })
export class RecoveryCodes {
  @OutText('Each stands in for one code of the app, once.', { list: true })
  recoveryCodes!: string[];
}

export function toSecondFactor({ enabled, confirmedAt, recoveryCodesLeft }: SecondFactorState): SecondFactor {
  return {
    enabled,
    confirmedAt: confirmedAt === undefined ? null : toDateTime(confirmedAt),
    recoveryCodesLeft,
  };
}
