import { describe, expect, it } from '@jest/globals';
import type { ContainerRecord } from '../gate/engine-handle.js';
import type { NetworkRecord } from './network-catalog.js';
import { drawGraph } from './network-graph.js';

const network = (id: string, rest: object = {}) =>
  ({
    id,
    name: `net-${id}`,
    labels: {},
    createdAt: 0,
    kept: { Id: id, Name: `net-${id}`, Driver: 'bridge', ...rest },
  }) as unknown as NetworkRecord;

const container = (id: string, networks: string[], { mode = '', state = 'running', ran = true } = {}) =>
  ({
    id,
    name: `name-${id}`,
    labels: {},
    createdAt: 0,
    kept: {
      State: { Status: state },
      NetworkSettings: {
        Networks: Object.fromEntries(
          networks.map((each) => [
            `net-${each}`,
            { NetworkID: ran ? each : '', IPAddress: ran ? '10.0.0.2' : '' },
          ]),
        ),
      },
      HostConfig: { NetworkMode: mode },
    },
  }) as unknown as ContainerRecord;

const draw = (networks: NetworkRecord[], containers: ContainerRecord[]) =>
  drawGraph('local', networks, containers);
const groups = (networks: NetworkRecord[], containers: ContainerRecord[]) =>
  draw(networks, containers).groups.map(({ containerIds, networkIds, direct }) => [
    containerIds.toSorted().join(),
    networkIds.toSorted().join(),
    direct,
  ]);

describe('containers that run', () => {
  it('are a group on one network, each reaching each', () => {
    expect(groups([network('a')], [container('1', ['a']), container('2', ['a'])])).toEqual([
      ['1,2', 'a', true],
    ]);
  });

  it('are a group by way of one between them, and do not all reach each other', () => {
    const containers = [container('1', ['a']), container('2', ['a', 'b']), container('3', ['b'])];
    expect(groups([network('a'), network('b')], containers)).toEqual([['1,2,3', 'a,b', false]]);
  });

  it('reach each other directly where each two share some network', () => {
    const containers = [container('1', ['a', 'c']), container('2', ['a', 'b']), container('3', ['b', 'c'])];
    expect(groups([network('a'), network('b'), network('c')], containers)).toEqual([
      ['1,2,3', 'a,b,c', true],
    ]);
  });

  it('are apart on different networks, on none, and on one that keeps them apart', () => {
    const networks = [
      network('a'),
      network('n', { Driver: 'null' }),
      network('i', { Options: { 'com.docker.network.bridge.enable_icc': 'false' } }),
    ];
    const containers = [
      container('1', ['a']),
      ...['2', '3'].map((id) => container(id, ['n'])),
      ...['4', '5'].map((id) => container(id, ['i'])),
    ];
    expect(groups(networks, containers).map(([ids]) => ids)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('are wherever the container is whose network they share', () => {
    const containers = [
      container('1', ['a']),
      container('2', ['a']),
      container('3', [], { mode: 'container:2' }),
      container('4', [], { mode: 'container:hidden' }),
    ];
    expect(groups([network('a')], containers)).toEqual([
      ['1,2,3', 'a', true],
      ['4', '', true],
    ]);
    expect(draw([network('a')], containers).containers.map(({ sharesNetworkOf }) => sharesNetworkOf)).toEqual(
      [null, null, '2', null],
    );
  });
});

it('a container that does not run is on its network, without addresses, and in no group', () => {
  const { edges, groups: none } = draw(
    [network('a')],
    [container('1', ['a'], { state: 'created', ran: false })],
  );
  expect(edges).toMatchObject([{ networkId: 'a', containerId: '1', ipv4Address: null }]);
  expect(none).toEqual([]);
});

it('there is no way to a network that is not shown', () => {
  expect(draw([], [container('1', ['a'])])).toMatchObject({ networks: [], edges: [] });
  expect(draw([], [container('1', ['a'], { ran: false })]).edges).toEqual([]);
});
