import { describe, expect, it } from '@jest/globals';
import { EngineAnswerError } from '../engine/engine-errors.js';
import type { Admission } from './admission.js';
import { withoutOthers } from './engine-messages.js';
import { type Grant, Rights } from './rights.js';

const FULL = '0123456789abcdef'.repeat(4);
const OWN = 'fedcba9876543210'.repeat(4);

function told(message: string, permissions: Grant['permissions']): string {
  const actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] } as const;
  const rights = new Rights(actor, 'local', [
    { permissions, engines: ['*'], owned: false, level: 'baseline' },
  ]);
  const admission = { rights, target: { kind: 'container', id: OWN }, request: {} } as unknown as Admission;
  return (withoutOthers(new EngineAnswerError('conflict', message, 409), admission) as Error).message;
}

describe('what an engine says of a failure', () => {
  it.each([
    [`volume is in use - [${FULL}]`, 'volume is in use - […]'],
    [`volume is in use - [${FULL}, ${FULL}, ${FULL}]`, 'volume is in use - […]'],
    [`volume is in use - [${OWN}, ${FULL} ${FULL}]`, `volume is in use - [${OWN}, …]`],
    [
      `cannot delete, running container ${FULL.slice(0, 12)} uses it`,
      'cannot delete, running container … uses it',
    ],
    [`container ${OWN.slice(0, 12)} is paused`, `container ${OWN.slice(0, 12)} is paused`],
    [
      'network n has active endpoints (name:"db" id:"0123456789ab", name:"(x)" id:"0123456789ac")',
      'network n has active endpoints',
    ],
    ['at port 8080 of 1048576 bytes', 'at port 8080 of 1048576 bytes'],
  ])('"%s" is, to who does not see all containers, "%s"', (message, seen) => {
    expect(told(message, ['containers:delete'])).toBe(seen);
    expect(told(message, ['containers:list', 'containers:delete'])).toBe(message);
  });
});
