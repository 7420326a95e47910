import { describe, expect, it } from '@jest/globals';
import { mayMean } from './service-volumes.js';

describe('the source of a mount of a service', () => {
  it.each([
    ['data', 'data', true],
    ['data', 'data2', false],
    ['data}}', 'data}}', true],
    ['}}{{', '}}{{', true],
    ['data-{{.Task.Slot}}', 'data-1', true],
    ['data-{{.Task.Slot}}', 'other-1', false],
    ['{{.Service.Name}}-data', 'web-data', true],
    ['{{.Service.Name}}-data', 'web-logs', false],
    ['{{.Service.Name}}-{{.Task.Slot}}', 'web-1', true],
    ['a-{{.Service.Name}}-b-{{.Task.Slot}}-c', 'a-web-b-1-c', true],
    ['a-{{.Service.Name}}-b-{{.Task.Slot}}-c', 'a-web-b-1-d', false],
    ['data{{/* over\nlines */}}', 'data', true],
    ['da{{"}}"}}ta', 'da}}ta', true],
    ['data{{"{{"}}', 'data{{', true],
  ])('%j may mean the volume %s: %p', (source, name, expected) => {
    expect(mayMean(source, name)).toBe(expected);
  });

  it('is read to its end, whatever it is', () => {
    for (const part of ['{{', '{', '}}', '{{}'])
      expect(mayMean(`${part.repeat(500_000)} `, 'data')).toBe(false);
  });
});
