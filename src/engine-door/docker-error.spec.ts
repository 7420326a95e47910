import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { EngineAnswerError } from '../gate/engine-handle.js';
import { toDockerError } from './docker-error.js';

describe('an error at the door', () => {
  it('has the status that Docker’s clients decide by, and a message', () => {
    expect(toDockerError(new DomainError('not_found', 'No such container: a'))).toMatchObject({
      status: 404,
      body: { message: 'No such container: a' },
    });
    expect(toDockerError(new DomainError('engine_unavailable', 'away', { retryAfter: 5 }))).toMatchObject({
      status: 503,
      retryAfter: 5,
    });
  });

  it('of the engine keeps its status', () => {
    const error = new EngineAnswerError('engine_error', 'driver failed', 500);
    expect(toDockerError(error)).toMatchObject({ status: 500, body: { message: 'driver failed' } });
  });

  it('tells which fields are at fault, and no more than twenty', () => {
    const errors = Array.from({ length: 30 }, (_, index) => ({ field: `f${index}`, message: 'is unknown' }));
    const { message } = toDockerError(new DomainError('invalid_input', 'Wrong', { errors })).body;
    expect(message).toMatch(/^Wrong: f0 is unknown; f1 is unknown; /);
    expect(message.split(';')).toHaveLength(20);
  });

  it('that nobody foresaw tells nothing of our insides', () => {
    const { status, body } = toDockerError(new TypeError('secret is undefined'));
    expect([status, JSON.stringify(body).includes('secret')]).toEqual([500, false]);
  });
});
