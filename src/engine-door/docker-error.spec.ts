import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { EngineAnswerError } from '../gate/engine-handle.js';
import { policyViolation } from '../gate/policy/evaluate.js';
import { BUILD_RULES, judgeBy } from '../gate/policy/object-rules.js';
import { toDockerError } from './docker-error.js';

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

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

  it('of the policy names each rule once', () => {
    const refused = () => judgeBy(BUILD_RULES, { networkmode: 'host' }, 'baseline', 'build');
    expect(toDockerError(thrownBy(refused)).body.message).toBe(
      'This build is not allowed at level baseline: network mode "host" is not allowed (buildNetwork)',
    );
    const fault = {
      field: 'HostConfig.Privileged',
      rule: 'privilegedContainers',
      message: 'must not be true',
    };
    expect(toDockerError(policyViolation('This container is not allowed', [fault])).body.message).toBe(
      'This container is not allowed: HostConfig.Privileged must not be true (privilegedContainers)',
    );
  });

  it('that nobody foresaw tells nothing of our insides', () => {
    const { status, body } = toDockerError(new TypeError('secret is undefined'));
    expect([status, JSON.stringify(body).includes('secret')]).toEqual([500, false]);
  });
});
