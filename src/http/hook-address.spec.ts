import { describe, expect, it } from '@jest/globals';
import { isHookUrl, pathForLog } from './hook-address.js';

const TOKEN = `dmh_${'aB3-_'.repeat(8)}xyz`;

describe('the path of a request, as it is written down', () => {
  it.each([
    `/hooks/${TOKEN}`,
    `/hooks/${TOKEN}/runs/1`,
    `/hooks/${TOKEN}?a=b`,
    `/hooks/%64mh_${TOKEN.slice(4)}`,
    `//hooks/${TOKEN}`,
    `/api/v1/hooks/${TOKEN}`,
    `/Hooks/${TOKEN}`,
    `/hooks${TOKEN}`,
  ])('holds no token: %s', (url) => {
    expect(pathForLog(url)).not.toContain(TOKEN.slice(4));
  });

  it('is else what was asked for, without its query', () => {
    expect(pathForLog('/api/v1/engines?limit=5')).toBe('/api/v1/engines');
    expect(pathForLog(`/${'x'.repeat(300)}`)).toHaveLength(200);
  });

  it('is a hook’s below /hooks only', () => {
    expect(isHookUrl('/hooks/x')).toBe(true);
    for (const url of ['/hooks', '/hooksx', '/api/v1/hooks/x', '//hooks/x'])
      expect(isHookUrl(url)).toBe(false);
  });
});
