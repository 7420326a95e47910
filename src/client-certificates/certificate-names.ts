import { DomainError } from '../common/errors.js';

/** What a certificate can be known by, the most particular first: where several fit, the first of these decides. */
export const KNOWN_BY = ['fingerprint', 'subjectAltName', 'subject'] as const;
export type KnownBy = (typeof KNOWN_BY)[number];

/** A certificate as Node reads it. */
interface Certificate {
  readonly fingerprint256: string;
  readonly subject: string | undefined;
  readonly subjectAltName: string | undefined;
}

/** Kinds of alternative names that stand for somebody, as OpenSSL writes them. Addresses do not. */
const ALT_NAME = /^(DNS|email|URI):[^",\s]+$/;
/** Node quotes a value that could be taken for several. Such a value stands for nobody. */
const ENTRY = /(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)/y;
/** What `openssl x509` writes before the value that was asked for. */
const PRINTED_BEFORE = /^(?:sha256 fingerprint|subject)= ?/i;
const FINGERPRINT = /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i;

/**
 * All that this certificate is known by, the most particular first: its SHA-256 fingerprint, its alternative names, its
 * subject.
 */
export function namesOf(certificate: Certificate): string[] {
  return [
    stored('fingerprint', certificate.fingerprint256),
    ...altNames(certificate.subjectAltName ?? '').map((name) => stored('subjectAltName', name)),
    ...(certificate.subject ? [stored('subject', subjectOf(certificate))] : []),
  ];
}

/**
 * What a certificate is to be known by, as it is stored.
 *
 * @param given a fingerprint with or without colons; `DNS:…`, `email:…` or `URI:…`; or a subject as `subjectOf` has it. The
 *   first and the last also as `openssl x509` prints them
 * @throws DomainError `invalid_input` for a value that no certificate could have
 */
export function toStoredName(knownBy: KnownBy, given: string): string {
  const value = given.replace(PRINTED_BEFORE, '');
  switch (knownBy) {
    case 'fingerprint':
      if (!FINGERPRINT.test(value)) throw invalid('must be a SHA-256 fingerprint: 64 hexadecimal digits');
      return stored(knownBy, (value.replaceAll(':', '').toUpperCase().match(/../g) ?? []).join(':'));
    case 'subjectAltName':
      if (!ALT_NAME.test(value)) throw invalid('must be DNS:, email: or URI: with a name, without spaces');
      return stored(knownBy, normal(value));
    case 'subject':
      if (!/^[A-Za-z0-9.]+=./.test(value)) throw invalid('must be a subject such as CN=ci,O=Example');
      return stored(knownBy, value);
  }
}

/** The other way round. */
export function fromStoredName(name: string): { knownBy: KnownBy; value: string } {
  const knownBy = KNOWN_BY.find((kind) => name.startsWith(`${kind}=`));
  if (knownBy === undefined)
    throw new Error(`A client certificate is stored that is known by nothing: ${name}`);
  return { knownBy, value: name.slice(knownBy.length + 1) };
}

/** As RFC 4514 writes it, the most particular part first: `CN=ci,O=Example`. Node has a line for each part, the other way round. */
export function subjectOf({ subject }: Pick<Certificate, 'subject'>): string {
  return (subject ?? '').split('\n').reverse().join(',');
}

function altNames(text: string): string[] {
  const names: string[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < text.length) {
    const [, kind = '', value = ''] = ENTRY.exec(text) ?? [];
    // What can't be read whole may mean something else than it seems.
    if (kind === '') return [];
    const name = `${kind}:${value}`;
    if (ALT_NAME.test(name)) names.push(normal(name));
  }
  return names;
}

/** Host names are the same in any case; other names are not. */
function normal(name: string): string {
  return name.startsWith('DNS:') ? `DNS:${name.slice(4).toLowerCase()}` : name;
}

function stored(knownBy: KnownBy, value: string): string {
  return `${knownBy}=${value}`;
}

function invalid(message: string): DomainError {
  return new DomainError('invalid_input', `value ${message}`, { errors: [{ field: 'value', message }] });
}
