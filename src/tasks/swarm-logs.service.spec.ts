import { describe, expect, it } from '@jest/globals';
import type { SwarmLogLine } from './swarm-log-line.model.js';
import { toMergedText } from './swarm-logs.service.js';

const line: SwarmLogLine = {
  stream: 'stdout',
  message: 'ready',
  timestamp: '2026-01-31T12:00:00.000000000Z',
  taskId: 'oldoldoldoldoldoldoldoldo',
  nodeId: 'nodenodenodenodenodenoden',
  slot: 3,
};

describe('a line of a service as plain text', () => {
  it('tells the old task of a replica from the new one, while the service is updated', () => {
    const later = { ...line, taskId: 'newnewnewnewnewnewnewnewn' };
    expect(toMergedText(line, {})).toBe('3.oldoldoldold@nodenodenode | ready\n');
    expect(toMergedText(later, {})).toBe('3.newnewnewnew@nodenodenode | ready\n');
  });

  it('has the task alone where that is no numbered replica, and the time where it is asked for', () => {
    expect(toMergedText({ ...line, slot: null }, { timestamps: true })).toBe(
      '2026-01-31T12:00:00.000000000Z oldoldoldold@nodenodenode | ready\n',
    );
  });
});
