import { InText } from '../common/input-fields.js';

/** A code may be a whole signed token. */
const MAX_CALLBACK_URL = 8_192;

export class StartOidcInput {
  @InText({
    description:
      'Where the provider sends the person back to: one of `DOCKMASTER_OIDC_REDIRECT_URIS`, exactly as there.',
    min: 1,
    max: 1_024,
    example: 'https://ui.example.com/callback',
  })
  redirectUri!: string;
}

export class CompleteOidcInput {
  @InText({ description: 'What the start answered with. It can be used once.', min: 1, max: 255 })
  transactionId!: string;

  @InText({
    description: 'The whole address that the provider sent the person to, with its query.',
    min: 1,
    max: MAX_CALLBACK_URL,
    example: 'https://ui.example.com/callback?code=…&state=…&iss=…',
  })
  callbackUrl!: string;
}
