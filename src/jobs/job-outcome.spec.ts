import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { failure, success } from './job-outcome.js';

describe('what becomes of a job', () => {
  it('is its result', () => {
    expect(success({ imageId: 'sha256:1' })).toEqual({
      state: 'succeeded',
      result: { imageId: 'sha256:1' },
      error: null,
    });
  });

  it('is no result that is too large to be kept', () => {
    expect(() => success({ text: 'x'.repeat(20_000) })).toThrow(
      expect.objectContaining({ kind: 'internal' }),
    );
  });

  it('is the error that its work ended with', () => {
    expect(failure(new DomainError('not_found', 'No such image'), undefined)).toEqual({
      state: 'failed',
      result: null,
      error: { code: 'not_found', message: 'No such image' },
    });
  });

  it('tells nothing of what was not foreseen', () => {
    const { error } = failure(new TypeError("can't read password of undefined"), undefined);
    expect(error).toMatchObject({ code: 'internal', message: expect.not.stringContaining('password') });
  });

  it('is `cancelled` where it was, with what went wrong besides', () => {
    const cancelled = { state: 'cancelled', result: null };
    expect(failure(new DomainError('cancelled', 'so'), 'cancelled')).toEqual({ ...cancelled, error: null });
    expect(failure(new DOMException('so', 'AbortError'), 'cancelled')).toEqual({ ...cancelled, error: null });
    expect(failure(new DomainError('engine_error', 'half done'), 'cancelled')).toEqual({
      ...cancelled,
      error: { code: 'engine_error', message: 'half done' },
    });
  });

  it('is `interrupted` where Dockmaster stopped', () => {
    expect(failure(new Error('socket closed'), 'stopped')).toMatchObject({
      state: 'failed',
      error: { code: 'interrupted' },
    });
  });
});
