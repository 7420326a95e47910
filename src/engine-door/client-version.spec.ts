import { describe, expect, it } from '@jest/globals';
import { requireServed, withServedVersions } from './client-version.js';

describe('the version that a client speaks', () => {
  it.each([undefined, 24, 30, 41])('is served: %s', (minor) => {
    expect(() => requireServed(minor, '1.41')).not.toThrow();
  });

  it.each([
    [23, 'client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade'],
    [42, 'client version 1.42 is too new. Maximum supported API version is 1.41'],
  ])('is refused in the engine’s words: 1.%s', (minor, message) => {
    expect(() => requireServed(minor, '1.41')).toThrow(message);
  });
});

describe('what an engine says of its versions', () => {
  it('is what is spoken here', () => {
    const document = {
      Version: '29.0.0',
      ApiVersion: '1.60',
      MinAPIVersion: '1.12',
      Components: [
        {
          Name: 'Engine',
          Version: '29.0.0',
          Details: { ApiVersion: '1.60', MinAPIVersion: '1.44', Os: 'linux' },
        },
        { Name: 'runc', Version: '1' },
      ],
    };
    expect(withServedVersions(document, '1.55')).toEqual({
      ...document,
      ApiVersion: '1.55',
      MinAPIVersion: '1.24',
      Components: [
        {
          Name: 'Engine',
          Version: '29.0.0',
          Details: { ApiVersion: '1.55', MinAPIVersion: '1.44', Os: 'linux' },
        },
        { Name: 'runc', Version: '1' },
      ],
    });
    expect(withServedVersions({}, '1.41')).toEqual({});
  });
});
