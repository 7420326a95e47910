import { describe, expect, it } from '@jest/globals';
import { engineEvent } from '../engine/wire/engine-event.js';
import { labelsInEvent } from './event-labels.js';

describe('the labels in an event', () => {
  it('are kept apart from what the engine puts beside them', () => {
    const Attributes = { team: 'a', image: 'i', exitCode: '1', name: 'n', signal: '9' };
    const event = engineEvent({ Type: 'container', Action: 'die', Actor: { ID: 'c', Attributes } });
    expect(labelsInEvent(event)).toEqual({ team: 'a' });
  });
});
