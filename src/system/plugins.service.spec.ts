import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Gate } from '../gate/gate.js';
import type { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { PluginsService } from './plugins.service.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };
const ASKED = [{ Name: 'network', Description: 'the network', Value: ['host'] }];
const ACCEPTED = [{ name: 'network', value: ['host'] }];
const REFERENCE = 'registry.example/volume:1';

interface Call {
  readonly operation: string;
  readonly params?: object;
  readonly query?: object;
  readonly body?: unknown;
  readonly headers?: object;
}

/** An engine that answers as it is told, and what it was asked. */
let calls: Call[];
let failing: string | undefined;
let messages: object[];
let plugins: PluginsService;

beforeEach(() => {
  calls = [];
  failing = undefined;
  messages = [{ status: 'downloading' }];
  const answer = (operation: string, request: Omit<Call, 'operation'> = {}) => {
    if (operation !== 'GetPluginPrivileges') calls.push({ operation, ...request });
    if (operation === failing) throw new DomainError('conflict', 'no');
    if (operation === 'GetPluginPrivileges') return ASKED;
    return operation === 'PluginInspect' ? { Id: 'id', Name: 'volume', Enabled: true } : undefined;
  };
  const handle = {
    requireEver: () => Promise.resolve(),
    mayAlways: () => Promise.resolve(true),
    json: async (operation: string, request?: Omit<Call, 'operation'>) =>
      Promise.resolve({ body: answer(operation, request) }),
    messages: async (operation: string, request?: Omit<Call, 'operation'>) => {
      answer(operation, request);
      return Promise.resolve(toAsync(messages));
    },
  };
  const gate = { as: () => ({ engine: () => handle }) } as unknown as Gate;
  const credentials = {
    authHeaderFor: () => Promise.resolve('credentials'),
  } as unknown as RegistryCredentialsService;
  plugins = new PluginsService(gate, credentials);
});

async function* toAsync(items: readonly object[]): AsyncGenerator<object> {
  for (const item of items) yield await Promise.resolve(item);
}

const install = (more: object = {}) =>
  plugins.install(ACTOR, 'local', { reference: REFERENCE, privileges: ACCEPTED, ...more });

const operations = () => calls.map(({ operation }) => operation);

describe('installing a plugin', () => {
  it('pulls it with the privileges that were accepted and stored credentials, configures and enables it', async () => {
    const plugin = await install({ name: 'volume', settings: { DEBUG: '1' } });
    expect(plugin).toMatchObject({ id: 'id', enabled: true });
    expect(operations()).toEqual(['PluginPull', 'PluginSet', 'PluginEnable', 'PluginInspect']);
    expect(calls[0]).toMatchObject({
      query: { remote: REFERENCE, name: 'volume' },
      body: ASKED,
      headers: { 'X-Registry-Auth': 'credentials' },
    });
    expect(calls[1]).toMatchObject({ params: { name: 'volume' }, body: ['DEBUG=1'] });
  });

  it('does not begin where it asks for more than was accepted', async () => {
    await expect(install({ privileges: [] })).rejects.toMatchObject({ kind: 'conflict' });
    expect(calls).toEqual([]);
  });

  it('can leave it disabled', async () => {
    await install({ enable: false });
    expect(operations()).toEqual(['PluginPull', 'PluginInspect']);
  });

  it('removes again what can not be enabled', async () => {
    failing = 'PluginEnable';
    await expect(install()).rejects.toThrow('no');
    expect(operations()).toEqual(['PluginPull', 'PluginEnable', 'PluginDelete']);
  });

  it('fails where the engine fails on the way', async () => {
    messages = [{ status: 'downloading' }, { error: 'the registry is gone' }];
    await expect(install()).rejects.toMatchObject({ kind: 'engine_error', message: 'the registry is gone' });
    expect(operations()).toEqual(['PluginPull']);
  });
});

describe('upgrading a plugin', () => {
  it('takes the privileges that the new one asks for', async () => {
    const path = { engine: 'local', name: 'volume' };
    const input = { reference: REFERENCE, privileges: ACCEPTED };
    await plugins.upgrade(ACTOR, path, input);
    expect(calls[0]).toMatchObject({
      operation: 'PluginUpgrade',
      params: { name: 'volume' },
      query: { remote: REFERENCE },
      body: ASKED,
    });
    await expect(plugins.upgrade(ACTOR, path, { ...input, privileges: [] })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });
});
