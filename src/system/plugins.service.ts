import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Loose } from '../containers/engine-document.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import type {
  ConfigurePluginInput,
  EnablePluginInput,
  ForcePluginInput,
  InstallPluginInput,
  PluginPrivilegeInput,
  UpgradePluginInput,
} from './plugin.inputs.js';
import {
  acceptedPrivileges,
  type PluginDocument,
  type PrivilegeDocument,
  toPlugin,
  toPrivilege,
} from './plugin.mapper.js';
import type { Plugin, PluginPrivilege } from './plugin.model.js';
import { registryAuth } from './registry-auth.js';
import type { PluginPath } from './system-paths.js';

const ENABLE_SECONDS = 30;

/** Plugins of an engine. They run on the host: who may install one may do anything there. */
@Injectable()
export class PluginsService {
  constructor(
    private readonly gate: Gate,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  async list(actor: Actor, engine: string): Promise<Plugin[]> {
    const handle = this.gate.as(actor).engine(engine);
    const { body } = await handle.json<readonly Loose<PluginDocument>[] | null>('PluginList');
    const showValues = await handle.mayAlways('plugins:readEnvironment');
    return (body ?? []).map((document) => toPlugin(document, showValues));
  }

  async get(actor: Actor, { engine, name }: PluginPath): Promise<Plugin> {
    return inspect(this.gate.as(actor).engine(engine), name);
  }

  /** What a plugin asks for, as its registry has it. */
  async privileges(actor: Actor, engine: string, reference: string): Promise<PluginPrivilege[]> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('GetPluginPrivileges');
    return askedBy(handle, reference, await this.credentials.authHeaderFor(actor, reference));
  }

  /**
   * Installs, configures and enables. What can't be configured or enabled is removed again.
   * @throws DomainError `conflict` where it asks for privileges that were not accepted
   */
  async install(actor: Actor, engine: string, input: InstallPluginInput): Promise<Plugin> {
    const handle = this.gate.as(actor).engine(engine);
    const { reference, name = reference, settings = {}, enable = true } = input;
    await handle.requireEver('PluginPull', 'PluginInspect', 'PluginDelete');
    if (Object.keys(settings).length > 0) await handle.requireEver('PluginSet');
    if (enable) await handle.requireEver('PluginEnable');
    const auth = await this.credentials.authHeaderFor(actor, reference);
    await pull(handle, 'PluginPull', { remote: reference, name: input.name }, {}, { ...input, auth });
    try {
      if (Object.keys(settings).length > 0) await configure(handle, name, settings);
      if (enable) await enableIn(handle, name, {});
    } catch (error) {
      await handle.json('PluginDelete', { params: { name }, query: { force: true } });
      throw error;
    }
    return inspect(handle, name);
  }

  /** @throws as `install`; `conflict` for one that is enabled */
  async upgrade(actor: Actor, { engine, name }: PluginPath, input: UpgradePluginInput): Promise<Plugin> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('PluginUpgrade', 'GetPluginPrivileges');
    const auth = await this.credentials.authHeaderFor(actor, input.reference);
    await pull(handle, 'PluginUpgrade', { remote: input.reference }, { name }, { ...input, auth });
    return inspect(handle, name);
  }

  /** @throws DomainError `conflict` for one that is enabled */
  async configure(actor: Actor, { engine, name }: PluginPath, input: ConfigurePluginInput): Promise<Plugin> {
    const handle = this.gate.as(actor).engine(engine);
    await configure(handle, name, input.settings);
    return inspect(handle, name);
  }

  async enable(actor: Actor, { engine, name }: PluginPath, input: EnablePluginInput): Promise<void> {
    await enableIn(this.gate.as(actor).engine(engine), name, input);
  }

  async disable(actor: Actor, { engine, name }: PluginPath, { force }: ForcePluginInput): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('PluginDisable', { params: { name }, query: { force }, timeoutMs: 0 });
  }

  async remove(actor: Actor, { engine, name }: PluginPath, { force }: ForcePluginInput): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('PluginDelete', { params: { name }, query: { force }, timeoutMs: 0 });
  }
}

/** The engine compares what it is sent with what the plugin asks for, too: what changed meanwhile is not installed. */
async function pull(
  handle: EngineHandle,
  operation: 'PluginPull' | 'PluginUpgrade',
  query: { remote: string; name?: string | undefined },
  params: Readonly<Record<string, string>>,
  { privileges, auth }: { privileges: readonly PluginPrivilegeInput[]; auth: string | undefined },
): Promise<void> {
  const asked = await askedBy(handle, query.remote, auth);
  const messages = await handle.messages<Loose<{ error: string }>>(operation, {
    params,
    query,
    body: acceptedPrivileges(asked, privileges),
    ...registryAuth(auth),
  });
  for await (const { error } of messages) if (error) throw new DomainError('engine_error', error);
}

async function askedBy(
  handle: EngineHandle,
  reference: string,
  auth: string | undefined,
): Promise<PluginPrivilege[]> {
  const { body } = await handle.json<readonly Loose<PrivilegeDocument>[] | null>('GetPluginPrivileges', {
    query: { remote: reference },
    ...registryAuth(auth),
  });
  return (body ?? []).map(toPrivilege);
}

async function inspect(handle: EngineHandle, name: string): Promise<Plugin> {
  const { body } = await handle.json<Loose<PluginDocument>>('PluginInspect', { params: { name } });
  return toPlugin(body, await handle.mayAlways('plugins:readEnvironment'));
}

async function configure(
  handle: EngineHandle,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const body = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  await handle.json('PluginSet', { params: { name }, body });
}

async function enableIn(
  handle: EngineHandle,
  name: string,
  { timeoutSeconds = ENABLE_SECONDS }: EnablePluginInput,
): Promise<void> {
  await handle.json('PluginEnable', { params: { name }, query: { timeout: timeoutSeconds }, timeoutMs: 0 });
}
