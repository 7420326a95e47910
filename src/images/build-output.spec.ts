import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ProgressUpdate } from '../jobs/jobs.service.js';
import { BuildOutput } from './build-output.js';

describe('what a build says', () => {
  let lines: string[];
  let updates: ProgressUpdate[];
  let output: BuildOutput;
  beforeEach(() => {
    lines = [];
    updates = [];
    output = new BuildOutput({
      log: (line) => lines.push(line),
      progress: (update) => updates.push(update),
    });
  });

  it('comes in pieces and is kept in lines', () => {
    for (const stream of ['Step 1/2 : FROM', ' busybox\n', ' ---> 0123\nStep 2/2 : CMD x\n', 'the rest'])
      output.add({ stream });
    expect(lines).toEqual(['Step 1/2 : FROM busybox', ' ---> 0123', 'Step 2/2 : CMD x']);
    output.end();
    output.end();
    expect(lines.at(-1)).toBe('the rest');
    expect(lines).toHaveLength(4);
  });

  it('tells how many steps are done', () => {
    output.add({ stream: 'Step 1/2 : FROM busybox\n' });
    output.add({ stream: 'Step 2/2 : CMD x\n' });
    expect(updates).toEqual([
      { current: 0, total: 2, message: 'FROM busybox' },
      { current: 1, total: 2, message: 'CMD x' },
    ]);
  });

  it('tells of the layers of a base image as parts', () => {
    output.add({ status: 'Pulling from library/busybox', id: 'latest' });
    output.add({ status: 'Downloading', id: 'a', progressDetail: { current: 1, total: 2 } });
    expect(updates).toEqual([{ parts: [{ id: 'a', message: 'Downloading', current: 1, total: 2 }] }]);
    expect(lines).toEqual(['Pulling from library/busybox']);
  });

  it('ends with the id of the image', () => {
    expect(output.imageId).toBeNull();
    output.add({ aux: { ID: 'sha256:1' } });
    expect(output.imageId).toBe('sha256:1');
  });

  it('keeps only the end of a line that does not end', () => {
    for (let time = 0; time < 3; time++) output.add({ stream: 'x'.repeat(60_000) });
    output.end();
    expect(lines[0]?.length).toBeLessThan(70_000);
  });
});
