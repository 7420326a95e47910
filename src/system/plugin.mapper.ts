import { DomainError } from '../common/errors.js';
import type { Loose } from '../containers/engine-document.js';
import type { PluginPrivilegeInput } from './plugin.inputs.js';
import type { Plugin, PluginPrivilege } from './plugin.model.js';
import { texts } from './system.mapper.js';

export interface PrivilegeDocument {
  Name: string;
  Description: string;
  Value: string[] | null;
}

export interface PluginDocument {
  Id: string;
  Name: string;
  Enabled: boolean;
  PluginReference: string;
  Settings: { Env: string[] | null; Args: string[] | null };
  Config: {
    Description: string;
    Interface: { Types: ({ Prefix: string; Capability: string; Version: string } | string)[] | null };
    Network: { Type: string };
    Linux: { Capabilities: string[] | null; AllowAllDevices: boolean };
    Env: { Name: string; Description: string; Settable: string[] | null; Value: string }[] | null;
    Mounts: { Source: string; Settable: string[] | null }[] | null;
    IpcHost: boolean;
    PidHost: boolean;
  };
}

/** @param showValues whether the values of environment and arguments are shown */
export function toPlugin(document: Loose<PluginDocument>, showValues: boolean): Plugin {
  const { Config: config, Settings: settings } = document;
  const values = new Map(texts(settings?.Env).map((line) => splitAt(line, '=')));
  return {
    id: document.Id ?? '',
    name: document.Name ?? '',
    reference: document.PluginReference ?? '',
    description: config?.Description ?? '',
    enabled: document.Enabled ?? false,
    interfaces: (config?.Interface?.Types ?? []).flatMap((type) => interfaceName(type)),
    environment: (config?.Env ?? []).flatMap((variable) => {
      const name = variable.Name ?? '';
      return [
        {
          name,
          value: showValues ? (values.get(name) ?? variable.Value ?? '') : null,
          description: variable.Description ?? '',
          settable: (variable.Settable ?? []).length > 0,
        },
      ];
    }),
    args: showValues ? texts(settings?.Args) : [],
    privileges: privilegesOf(config),
  };
}

/** As the engine asks for them when a plugin is installed; of one that is there it tells the configuration only. */
function privilegesOf(config: Loose<PluginDocument['Config']> | null | undefined): PluginPrivilege[] {
  const asked: [name: string, description: string, value: string[]][] = [
    ['network', 'the network of the host', networkOf(config?.Network?.Type)],
    ['host ipc namespace', 'shared memory of the host', config?.IpcHost === true ? ['true'] : []],
    ['host pid namespace', 'all processes of the host', config?.PidHost === true ? ['true'] : []],
    ['mount', 'folders of the host', (config?.Mounts ?? []).flatMap((mount) => mount.Source ?? [])],
    ['allow-all-devices', 'all devices of the host', config?.Linux?.AllowAllDevices === true ? ['true'] : []],
    ['capabilities', 'capabilities of the kernel', texts(config?.Linux?.Capabilities)],
  ];
  return asked
    .map(([name, description, value]) => ({ name, description, value: value.filter(Boolean) }))
    .filter(({ value }) => value.length > 0);
}

const networkOf = (type: string | null | undefined) =>
  type === undefined || type === null || type === 'none' || type === '' ? [] : [type];

function interfaceName(
  type: Loose<{ Prefix: string; Capability: string; Version: string }> | string | null | undefined,
): string[] {
  if (typeof type === 'string') return [type];
  if (!type) return [];
  return [`${type.Prefix ?? ''}.${type.Capability ?? ''}/${type.Version ?? ''}`];
}

export function toPrivilege({ Name, Description, Value }: Loose<PrivilegeDocument>): PluginPrivilege {
  return { name: Name ?? '', description: Description ?? '', value: texts(Value) };
}

/**
 * The privileges to install with, as the engine wants them.
 *
 * @throws DomainError `conflict` where the plugin asks for what was not accepted; each of it is told
 */
export function acceptedPrivileges(
  asked: readonly PluginPrivilege[],
  accepted: readonly PluginPrivilegeInput[],
): { Name: string; Description: string; Value: string[] }[] {
  const known = new Set(accepted.map(keyOf));
  const missing = asked.filter((privilege) => !known.has(keyOf(privilege)));
  if (missing.length > 0) {
    throw new DomainError('conflict', 'The plugin asks for privileges that were not accepted', {
      errors: missing.map(({ name, value }) => ({
        field: 'privileges',
        message: `must have ${name}: ${value.join(', ')}`,
      })),
    });
  }
  return asked.map(({ name, description, value }) => ({
    Name: name,
    Description: description,
    Value: value,
  }));
}

const keyOf = ({ name, value }: Pick<PluginPrivilege, 'name' | 'value'>) =>
  JSON.stringify([name, [...value].sort()]);

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
