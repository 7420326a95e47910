import { describe, expect, it } from '@jest/globals';
import { textOf, toData } from './data.mapper.js';

const fault = (given: object) => {
  try {
    return toData(given, 4);
  } catch (error) {
    return (error as { errors: { field: string }[] }).errors.map(({ field }) => field);
  }
};

describe('the data of a secret or config', () => {
  it('is given as base64 or as text', () => {
    expect(toData({ data: '/+8=' }, 4)).toBe('/+8=');
    expect(toData({ text: 'é€' }, 5)).toBe(Buffer.from('é€').toString('base64'));
  });

  it('is given once', () => {
    expect(fault({})).toEqual(['data']);
    expect(fault({ data: 'aGk=', text: 'hi' })).toEqual(['data']);
  });

  it('has at least one byte, and as many as fit', () => {
    expect(fault({ text: '' })).toEqual(['text']);
    expect(fault({ data: '' })).toEqual(['data']);
    expect(fault({ text: 'abcd' })).toBe('YWJjZA==');
    expect(fault({ text: 'abcde' })).toEqual(['text']);
    expect(fault({ text: '€€' })).toEqual(['text']); // two characters, six bytes
    expect(fault({ data: 'YWJjZGU=' })).toEqual(['data']);
  });

  it('is told as text where it is some, byte by byte', () => {
    expect(textOf(Buffer.from('\uFEFFé\n').toString('base64'))).toBe('\uFEFFé\n');
    expect(textOf('/+8=')).toBeNull();
  });
});
