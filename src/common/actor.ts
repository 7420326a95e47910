import type { PermissionPattern } from './permissions.js';

/** Who asks: an authenticated user or service account, with the limits of the token that it came with. */
export interface Actor {
  readonly kind: 'user' | 'serviceAccount' | 'system';
  readonly id: string;
  /** Username, or the service account's name. Shown in audit records. */
  readonly name: string;
  readonly teamIds: readonly string[];
  /** The sign-in session that the access token belongs to. */
  readonly sessionId?: string;
  /** The API token that was presented, or the scoped socket or client certificate that stands in for one. */
  readonly tokenId?: string;
  /** What `tokenId` names where it is no API token. */
  readonly doorway?: 'scopedSocket' | 'clientCertificate';
  /** What the presented token narrows its owner's rights to; never widens them. */
  readonly limits?: {
    readonly permissions?: readonly PermissionPattern[];
    readonly engines?: readonly string[];
  };
  /** When the presented credential ends, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** The id of the credential that what the actor makes is not to outlive; null for somebody who signed in. */
export function parentOf({ tokenId }: Actor): string | null {
  return tokenId ?? null;
}
