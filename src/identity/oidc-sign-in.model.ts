import { OutBoolean, OutText } from '../common/output-fields.js';
import type { BegunSignIn } from './oidc-sign-in.service.js';

/** What a frontend sends a person to the provider with. */
export class OidcStart implements BegunSignIn {
  @OutText('Send the person here.')
  authorizationUrl!: string;

  @OutText('Keep it: completing the sign-in needs it. It is good once, for 10 minutes.')
  transactionId!: string;
}

/** How one can sign in here. */
export class SignInMethods {
  @OutBoolean('By username and password.')
  password!: boolean;

  @OutBoolean('By OpenID Connect.')
  oidc!: boolean;

  @OutText('The OpenID Connect provider; null where there is none.', { nullable: true })
  oidcIssuer!: string | null;
}
