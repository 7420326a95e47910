import { X509Certificate } from 'node:crypto';
import { canonicalRegistry, DOCKER_HUB } from '../common/image-reference.js';
import { DomainError, messageOf } from '../common/errors.js';

/** Where a registry is, and how it is known to be itself. What this names is what credentials may be sent to. */
export interface RegistryEndpoint {
  /** `host[:port]`, as `registryAddress` gives it. */
  readonly address: string;
  /** Without TLS. */
  readonly insecure: boolean;
  /** Authorities that may have signed its certificate besides the system's own, as PEM. */
  readonly ca: string | null;
}

/** Where Docker Hub's API is: not at the name that it has in references. */
const DOCKER_HUB_API = 'registry-1.docker.io';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * A registry by its one name.
 * @throws DomainError `invalid_input` for what no URL can have as its host, such as the port 99999
 */
export function registryAddress(text: string): string {
  const address = canonicalRegistry(text);
  if (URL.canParse(`https://${address}/`)) return address;
  throw invalid('address', 'must be a host with perhaps a port, such as registry.example.com:5000');
}

/** The root of its API, which ends with `/`. */
export function apiOf({ address, insecure }: RegistryEndpoint): URL {
  const host = address === DOCKER_HUB ? DOCKER_HUB_API : address;
  return new URL(`${insecure ? 'http' : 'https'}://${host}/v2/`);
}

/** @throws DomainError `invalid_input` where the certificates are none, or are given without TLS */
export function checkEndpoint({ address, insecure, ca }: RegistryEndpoint): void {
  if (insecure && address === DOCKER_HUB) throw invalid('insecure', 'must not be true for Docker Hub');
  if (ca === null) return;
  if (insecure) throw invalid('ca', 'is of no use without TLS');
  const certificates = ca.match(CERTIFICATE);
  if (!certificates) throw invalid('ca', 'must be one or more certificates in PEM');
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate);
    } catch (error) {
      throw invalid('ca', `holds a certificate that can not be read: ${messageOf(error)}`);
    }
  }
}

/** Whether what was meant for one may be sent to the other. */
export function isSameEndpoint(a: RegistryEndpoint, b: RegistryEndpoint): boolean {
  return a.address === b.address && a.insecure === b.insecure && a.ca === b.ca;
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
