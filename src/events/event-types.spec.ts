import { describe, expect, it } from '@jest/globals';
import { ALL_EVENT_TYPES, isEventGlob, matchesEventType } from './event-types.js';

describe('globs of event types', () => {
  it.each([
    ['*', 'container.died', true],
    ['container.*', 'container.health.unhealthy', true],
    ['*.removed', 'volume.removed', true],
    ['container.*.unhealthy', 'container.health.unhealthy', true],
    ['*health*', 'container.health.unhealthy', true],
    ['container.died', 'container.died', true],
    ['container', 'container.died', false],
    ['container.', 'container.died', false],
    ['container.d*d*d', 'container.died', false],
    ['a*a', 'a', false],
    ['*.removed', 'container.removed.not', false],
  ])('%s is for %s: %s', (glob, type, matches) => {
    expect(matchesEventType(glob, type)).toBe(matches);
  });

  it('cost no more than their length, however many stars', () => {
    const began = performance.now();
    expect(matchesEventType(`${'*a'.repeat(30)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(200);
  });

  it('stand for something that there is', () => {
    expect(isEventGlob('container.*')).toBe(true);
    expect(isEventGlob('container.exploded')).toBe(false);
    for (const type of ALL_EVENT_TYPES) expect(isEventGlob(type)).toBe(true);
  });
});
