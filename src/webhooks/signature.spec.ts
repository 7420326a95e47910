import { describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { newSecret, signatureHeaders } from './signature.js';

describe('the signature of a delivery', () => {
  const now = Math.floor(Date.now() / 1_000);
  const message = { id: 'msg', timestamp: now, body: '{"text":"ä"}' };

  it('is that of the Standard Webhooks library, for each of its secrets', () => {
    const secrets = [newSecret(), newSecret()];
    const headers = signatureHeaders(secrets, message);
    for (const secret of secrets)
      expect(new Verifier(secret).verify(message.body, headers)).toEqual({ text: 'ä' });
    const [first = ''] = secrets;
    expect(headers['webhook-signature']?.split(' ')[0]).toBe(
      new Verifier(first).sign('msg', new Date(now * 1_000), message.body),
    );
  });

  it.each([
    ['another body', { ...message, body: '{"text":"a"}' }],
    ['another id', { ...message, id: 'other' }],
    ['another time', { ...message, timestamp: now - 1 }],
  ])('is another for %s', (_, changed) => {
    const secret = newSecret();
    const { 'webhook-signature': signature } = signatureHeaders([secret], message);
    const theirs = signatureHeaders([secret], changed);
    expect(theirs['webhook-signature']).not.toBe(signature);
  });

  it('comes of secrets of 256 random bits', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(newSecret()).not.toBe(secret);
  });
});
