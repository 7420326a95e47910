import { describe, expect, it } from '@jest/globals';
import { networksToConnect, toCreateNetworking } from './network.mapper.js';

const OLD = '1.43';
const NEW = '1.44';
const MAC = '02:42:ac:11:00:02';

describe('a container on no network in particular', () => {
  it.each([OLD, NEW])('leaves the choice to an engine of API %s', (version) => {
    expect(toCreateNetworking({}, version)).toEqual({
      networkMode: undefined,
      macAddress: undefined,
      networkingConfig: undefined,
    });
  });

  it('has its MAC address beside the networks before API 1.44', () => {
    expect(toCreateNetworking({ macAddress: MAC }, OLD)).toEqual({
      networkMode: 'default',
      macAddress: MAC,
      networkingConfig: undefined,
    });
  });

  it('has its MAC address on the default network from API 1.44', () => {
    expect(toCreateNetworking({ macAddress: MAC }, NEW)).toEqual({
      networkMode: 'default',
      macAddress: undefined,
      networkingConfig: { EndpointsConfig: { default: { MacAddress: MAC } } },
    });
  });
});

describe('a container on several networks', () => {
  const networks = [
    { name: 'a', aliases: ['web'], macAddress: MAC },
    { name: 'b', aliases: ['api'] },
    { name: 'c' },
  ];

  it('joins them all at create from API 1.44', () => {
    expect(toCreateNetworking({ networks }, NEW)).toEqual({
      networkMode: 'a',
      macAddress: undefined,
      networkingConfig: {
        EndpointsConfig: { a: { Aliases: ['web'], MacAddress: MAC }, b: { Aliases: ['api'] }, c: {} },
      },
    });
    expect(networksToConnect({ networks }, NEW)).toEqual([]);
  });

  it('joins the first at create before API 1.44, and is connected to the others after', () => {
    expect(toCreateNetworking({ networks }, OLD)).toEqual({
      networkMode: 'a',
      macAddress: MAC,
      networkingConfig: { EndpointsConfig: { a: { Aliases: ['web'] } } },
    });
    expect(networksToConnect({ networks }, OLD)).toEqual([
      { name: 'b', endpoint: { Aliases: ['api'] } },
      { name: 'c', endpoint: {} },
    ]);
  });

  it('joins that of its network mode first', () => {
    const input = { networks, namespaces: { network: 'bridge' } };
    expect(toCreateNetworking(input, NEW).networkMode).toBe('bridge');
    expect(toCreateNetworking(input, NEW).networkingConfig).toMatchObject({
      EndpointsConfig: { bridge: {}, a: {}, b: {}, c: {} },
    });
    expect(
      networksToConnect(
        { networks: [{ name: 'a' }, { name: 'bridge' }], namespaces: { network: 'bridge' } },
        OLD,
      ),
    ).toEqual([{ name: 'a', endpoint: {} }]);
  });

  it('may not name one twice', () => {
    expect(() => toCreateNetworking({ networks: [{ name: 'a' }, { name: 'a' }] }, NEW)).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: [expect.objectContaining({ field: 'networks.1.name' })],
      }),
    );
  });

  it('may not have a MAC address of its own and on a network', () => {
    expect(() => toCreateNetworking({ networks, macAddress: MAC }, NEW)).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: [expect.objectContaining({ field: 'macAddress' })],
      }),
    );
  });
});

describe('a container without a network of its own', () => {
  it.each(['host', 'none', 'container:web'])('joins none: %s', (name) => {
    expect(toCreateNetworking({ networks: [{ name }] }, NEW)).toMatchObject({
      networkMode: name,
      networkingConfig: undefined,
    });
    expect(toCreateNetworking({ namespaces: { network: name } }, OLD)).toMatchObject({
      networkMode: name,
      networkingConfig: undefined,
    });
  });

  it('keeps settings that make no sense there, for the engine to refuse', () => {
    expect(
      toCreateNetworking({ networks: [{ name: 'host', aliases: ['web'] }] }, NEW).networkingConfig,
    ).toEqual({
      EndpointsConfig: { host: { Aliases: ['web'] } },
    });
  });
});
