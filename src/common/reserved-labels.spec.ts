import { describe, expect, it } from '@jest/globals';
import { isReservedName, isVolumeHelper, ROLE_LABEL, VOLUME_HELPER_ROLE } from './reserved-labels.js';

const LABELS = { [ROLE_LABEL]: VOLUME_HELPER_ROLE };
const WRITES = `/dockmaster-write-${'0123456789abcdef'.repeat(2)}`;
const READS = 'dockmaster-read-01234567-89ab-cdef-0123-456789abcdef';

describe('a container with the labels of a helper', () => {
  it.each([WRITES, READS])('is one with the name %s', (name) => {
    expect(isVolumeHelper(LABELS, [name])).toBe(true);
    expect(isVolumeHelper({ [ROLE_LABEL]: 'other' }, [name])).toBe(false);
    expect(isVolumeHelper(null, [name])).toBe(false);
  });

  it.each([
    ['of a build', ['/quirky_euler']],
    ['that a link gave it', ['/quirky_euler', `/other${WRITES}`]],
    ['that only begins like one', [`${WRITES}-working-container`]],
    ['that is not known', [undefined]],
    ['that it has not', null],
  ])('is none with a name %s', (_what, names) => {
    expect(isVolumeHelper(LABELS, names)).toBe(false);
  });

  it('is none where it is a task’s: the labels came with an image that a node pulled', () => {
    expect(isVolumeHelper({ ...LABELS, 'com.docker.swarm.task.id': 'x' }, [WRITES])).toBe(false);
  });
});

it('names of helpers are reserved, however they are written', () => {
  for (const name of [WRITES, READS, '//dockmaster-read-', 'Dockmaster-Write-x'])
    expect(isReservedName(name)).toBe(true);
  for (const name of ['dockmaster', 'dockmaster-reader', 'my-dockmaster-read-x'])
    expect(isReservedName(name)).toBe(false);
});
