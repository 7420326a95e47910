import { describe, expect, it } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import { settling } from './settling.js';

const RULES = { healthTimeoutMs: 60_000, settleMs: 10_000 };
const seen = (state: object, RestartCount = 0) => ({
  State: { Running: true, Restarting: false, ExitCode: 0, ...state } as ContainerInspectInfo['State'],
  RestartCount,
});
const healthy = (Status: string) => ({ Health: { Status, FailingStreak: 0, Log: [] } });

describe('a new container', () => {
  it('without a health check is taken for good once it has run for a while', () => {
    expect(settling(seen({}), 9_999, RULES)).toBe('waiting');
    expect(settling(seen({}), 10_000, RULES)).toBe('settled');
    expect(settling(seen(healthy('none')), 10_000, RULES)).toBe('settled');
  });

  it('with one is taken for what that says, however long it runs', () => {
    expect(settling(seen(healthy('starting')), 59_999, RULES)).toBe('waiting');
    expect(settling(seen(healthy('healthy')), 1, RULES)).toBe('settled');
    expect(settling(seen(healthy('unhealthy')), 1, RULES)).toEqual({ failed: expect.any(String) });
    expect(settling(seen(healthy('starting')), 60_000, RULES)).toEqual({
      failed: expect.stringContaining('60 s'),
    });
  });

  it('that ends or starts again and again is not well, whatever its health check said', () => {
    const failed = { failed: 'it ended with exit code 1' };
    expect(settling(seen({ Running: false, ExitCode: 1 }), 1, RULES)).toEqual(failed);
    expect(settling(seen({ Restarting: true, ExitCode: 1 }), 1, RULES)).toEqual(failed);
    expect(settling(seen({ ExitCode: 1, ...healthy('healthy') }, 1), 1, RULES)).toEqual(failed);
  });
});
