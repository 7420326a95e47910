import { OutChoice, OutInteger, OutText } from '../common/output-fields.js';
import type { IssuedTokens } from './sessions.service.js';

/** What signing in and refreshing answer with. */
export class SessionTokens implements IssuedTokens {
  @OutText('Send it as `Authorization: Bearer …`.')
  accessToken!: string;

  @OutText('Exchange it for new tokens before the access token ends. It can be used once.')
  refreshToken!: string;

  @OutChoice(['Bearer'], 'How to send the access token.')
  tokenType!: 'Bearer';

  @OutInteger('Seconds until the access token ends.')
  expiresIn!: number;
}
