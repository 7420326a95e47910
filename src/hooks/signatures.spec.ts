import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { checkSecret, type SignatureKind, verify } from './signatures.js';

const NOW = Date.UTC(2026, 0, 1);
const REFUSED = expect.objectContaining({ kind: 'forbidden', message: 'The signature does not verify' });

function check(
  kind: SignatureKind,
  secret: string | undefined,
  headers: Record<string, string>,
  body: string,
  settings: { header?: string; encoding?: 'hex' | 'base64' } = {},
) {
  const { header = 'x-signature', encoding = 'hex' } = settings;
  return () => verify({ kind, header, encoding }, secret, { headers, body: Buffer.from(body) }, NOW);
}

describe('a signature of GitHub', () => {
  // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const secret = "It's a Secret to Everybody";
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  it('verifies as its documentation has it', () => {
    expect(check('github', secret, { 'x-hub-signature-256': signature }, 'Hello, World!')()).toEqual({});
  });

  it.each([
    ['another body', secret, signature, 'Hello, World! '],
    ['another secret', 'another', signature, 'Hello, World!'],
    ['no secret', undefined, signature, 'Hello, World!'],
    ['a part of it', secret, signature.slice(0, -1), 'Hello, World!'],
    ['more than it', secret, `${signature}00`, 'Hello, World!'],
    ['nothing', secret, '', 'Hello, World!'],
    ['what is no hexadecimal', secret, `sha256=${'x'.repeat(64)}`, 'Hello, World!'],
  ])('does not with %s', (_, key, given, body) => {
    expect(check('github', key, { 'x-hub-signature-256': given }, body)).toThrow(REFUSED);
    expect(check('github', key, {}, body)).toThrow(REFUSED);
  });

  it('never verifies with an empty secret, though somebody could make it', () => {
    const mac = createHmac('sha256', '').update('{}').digest('hex');
    expect(check('github', '', { 'x-hub-signature-256': `sha256=${mac}` }, '{}')).toThrow(REFUSED);
    expect(check('hmac', '', { 'x-signature': mac }, '{}')).toThrow(REFUSED);
  });
});

describe('a signature in a header', () => {
  const mac = createHmac('sha256', 'secret').update('{}');
  const bytes = mac.digest();

  it.each(['hex', 'base64'] as const)('verifies in %s, under its own name', (encoding) => {
    const headers = { 'x-own': bytes.toString(encoding) };
    expect(check('hmac', 'secret', headers, '{}', { header: 'x-own', encoding })()).toEqual({});
    expect(check('hmac', 'secret', headers, '{}', { header: 'x-other', encoding })).toThrow(REFUSED);
  });

  it('does not verify in another encoding', () => {
    const headers = { 'x-signature': bytes.toString('base64') };
    expect(check('hmac', 'secret', headers, '{}')).toThrow(REFUSED);
  });
});

describe('a signature of the Standard Webhooks scheme', () => {
  // The example of the specification's reference libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = '{"test": 2432232314}';
  const sign = (id: string, at: number) => {
    const key = Buffer.from(secret.slice(6), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
  };
  const headers = (at = NOW / 1_000, signature = sign('msg_1', at)) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(at),
    'webhook-signature': signature,
  });

  it('is that of the reference', () => {
    expect(sign('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('verifies, covers the id, and may be one of several', () => {
    expect(check('standardWebhooks', secret, headers(), body)()).toEqual({ signedId: 'msg_1' });
    const several = `v1a,xyz v1,${'A'.repeat(43)}= ${sign('msg_1', NOW / 1_000)}`;
    expect(check('standardWebhooks', secret, headers(undefined, several), body)()).toEqual({
      signedId: 'msg_1',
    });
  });

  it.each([
    ['too old', headers(NOW / 1_000 - 301)],
    ['of the future', headers(NOW / 1_000 + 301)],
    ['without a time', { ...headers(), 'webhook-timestamp': '' }],
    ['of another id', { ...headers(), 'webhook-id': 'msg_2' }],
    ['without an id', { ...headers(), 'webhook-id': '' }],
    ['of another version', headers(undefined, sign('msg_1', NOW / 1_000).replace('v1', 'v2'))],
    ['none', headers(undefined, '')],
  ])('does not verify where it is %s', (_, given) => {
    expect(check('standardWebhooks', secret, given, body)).toThrow(REFUSED);
  });

  it.each(['', 'whsec_', '!!!'])('is not made with the secret %j', (given) => {
    expect(() => checkSecret('standardWebhooks', given)).toThrow();
    expect(check('standardWebhooks', given, headers(), body)).toThrow(REFUSED);
  });
});
