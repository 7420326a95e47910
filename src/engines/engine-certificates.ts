import { X509Certificate } from 'node:crypto';
import { DomainError, messageOf } from '../common/errors.js';

/** What is told of a certificate. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256, hexadecimal with colons. */
  readonly fingerprint: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The certificates in a PEM text, in their order.
 *
 * @param field the input field that it came from, for the error
 * @throws DomainError `invalid_input` where there is none, or one can't be read
 */
export function certificatesIn(pem: string, field: string): CertificateFacts[] {
  const found = pem.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw invalid(field, 'must hold certificates in PEM');
  return found.map((one) => {
    try {
      return facts(new X509Certificate(one));
    } catch (error) {
      throw invalid(field, `holds a certificate that cannot be read: ${messageOf(error)}`, error);
    }
  });
}

function facts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    fingerprint: certificate.fingerprint256,
    expiresAt: new Date(certificate.validTo).toISOString(),
  };
}

/** Names come a line for each part. */
const oneLine = (name: string) => name.split('\n').join(', ');

function invalid(field: string, message: string, cause?: unknown): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }], cause });
}
