import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerRecord } from '../../gate/engine-handle.js';

const BORN = Date.UTC(2026, 0, 1);

/** A container as memory has it: id and name are the same, `age` is the order in which they were made. For tests. */
export function containerRecord(
  id: string,
  {
    age = 0,
    labels = {},
    state = { Status: 'created' },
  }: {
    age?: number;
    labels?: Record<string, string>;
    state?: Partial<ContainerInspectInfo['State']>;
  } = {},
): ContainerRecord {
  const createdAt = BORN - age;
  const kept = {
    Id: id,
    Name: `/${id}`,
    Created: new Date(createdAt).toISOString(),
    Path: 'sleep',
    Args: ['600'],
    Image: 'sha256:0',
    State: state,
    Mounts: [],
    Config: { Image: 'busybox', Labels: labels, Tty: false },
    NetworkSettings: { Ports: {}, Networks: {} },
  };
  return { id, name: id, labels, createdAt, kept: kept as unknown as ContainerRecord['kept'] };
}
