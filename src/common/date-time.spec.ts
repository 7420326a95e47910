import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { InputType } from '@nestjs/graphql';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { InDateTime, toEpochMs } from './date-time.js';

@InputType()
class Input {
  @InDateTime('When.')
  at!: string;
}

describe('a date and time', () => {
  it.each(['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456789+02:00'])('can be %s', async (at) => {
    expect(await validate(plainToInstance(Input, { at }))).toEqual([]);
  });

  it.each(['2026-01-31', 'tomorrow', '2026-01-31 12:00:00', '1769860800', 'x'.repeat(40)])(
    'is not %s, and what it is is said with an example',
    async (at) => {
      const [error] = await validate(plainToInstance(Input, { at }), { stopAtFirstError: true });
      expect(Object.values(error?.constraints ?? {})).toEqual([
        'at must be a date and time by RFC 3339, such as 2026-01-31T12:00:00Z',
      ]);
    },
  );

  it('is none of a day that no month has', () => {
    expect(toEpochMs('at', '1970-01-01T00:00:01Z')).toBe(1_000);
    expect(() => toEpochMs('at', '2026-02-31T99:00:00Z')).toThrow('at is not a date and time that exists');
  });
});
