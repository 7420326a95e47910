import { describe, expect, it } from '@jest/globals';
import { engineEvent } from '../engine/wire/engine-event.js';
import { idOfEvent } from './engine-teller.js';
import { toldByEngine } from './told-by-engine.js';

const HELPER = 'dockmaster-read-01234567-89ab-cdef-0123-456789abcdef';
const event = (Type: string, Action: string, ID: string, Attributes: Record<string, string> = {}) =>
  engineEvent({ Type, Action, Actor: { ID, Attributes }, timeNano: Date.UTC(2026, 0, 1) * 1e6 });

describe('what events of an engine tell', () => {
  it.each([
    [
      event('container', 'die', 'c', { exitCode: '137', image: 'i' }),
      'container.died',
      { exitCode: 137, image: 'i' },
    ],
    [event('container', 'health_status: unhealthy', 'c'), 'container.health.unhealthy', { image: null }],
    [
      event('container', 'rename', 'c', { oldName: '/a' }),
      'container.renamed',
      { oldName: 'a', image: null },
    ],
    [event('image', 'pull', 'busybox:1', { name: 'busybox' }), 'image.pulled', { reference: 'busybox:1' }],
    [event('image', 'untag', 'sha256:1', { name: 'sha256:1' }), 'image.untagged', { reference: null }],
    [
      event('container', 'start', 'c', { 'io.dockmaster.role': 'volume-helper', name: 'quirky_euler' }),
      'container.started',
      { image: null },
    ],
    [event('network', 'destroy', 'n'), 'network.removed', {}],
    [event('network', 'connect', 'n', { container: 'c' }), 'network.connected', { container: 'c' }],
    [event('network', 'disconnect', 'n'), 'network.disconnected', { container: null }],
    [event('volume', 'create', 'v'), 'volume.created', {}],
    [event('service', 'update', 's'), 'service.updated', {}],
    [event('node', 'update', 'n', { 'state.new': 'down', 'state.old': 'ready' }), 'node.down', {}],
  ])('%j', (given, type, data) => {
    expect(toldByEngine(given)).toMatchObject({ type, data });
  });

  it.each([
    event('container', 'exec_start: sh -c secret', 'c'),
    event('container', 'health_status: starting', 'c'),
    event('container', 'create', 'c', { 'io.dockmaster.role': 'volume-helper', name: HELPER }),
    event('container', 'create', ''),
    event('node', 'update', 'n', { 'availability.new': 'drain' }),
    event('daemon', 'reload', 'd'),
    event('toString', 'create', 'x'),
    event('container', 'toString', 'c'),
  ])('nothing: %j', (given) => {
    expect(toldByEngine(given)).toBeUndefined();
  });

  it('gives the same event the same id wherever it is heard, and no other', () => {
    const die = event('container', 'die', 'c');
    expect(idOfEvent('local', die)).toBe(idOfEvent('local', event('container', 'die', 'c')));
    const others = [
      idOfEvent('other', die),
      idOfEvent('local', event('container', 'stop', 'c')),
      idOfEvent('local', event('container', 'die', 'd')),
      idOfEvent('local', { ...die, timeNano: die.timeNano + 1_000 }),
    ];
    expect(new Set([idOfEvent('local', die), ...others]).size).toBe(5);
  });
});
