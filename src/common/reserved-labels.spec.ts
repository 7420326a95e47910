import { describe, expect, it } from '@jest/globals';
import { isVolumeHelper, ROLE_LABEL, VOLUME_HELPER_ROLE } from './reserved-labels.js';

describe('a container with the labels of a helper', () => {
  const labels = { [ROLE_LABEL]: VOLUME_HELPER_ROLE };

  it('is one', () => {
    expect(isVolumeHelper(labels)).toBe(true);
    expect(isVolumeHelper({ [ROLE_LABEL]: 'other' })).toBe(false);
    expect(isVolumeHelper(null)).toBe(false);
  });

  it('is none where it is a task’s: the labels came with an image that a node pulled', () => {
    expect(isVolumeHelper({ ...labels, 'com.docker.swarm.task.id': 'x' })).toBe(false);
  });
});
