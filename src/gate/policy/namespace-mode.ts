import type { Namespace, NamespaceName } from './container-spec.js';

/** A name or id as the engine takes it for containers and networks. */
const OBJECT_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** The spellings of "a namespace of its own", for each namespace. The empty string leaves it to the engine. */
const PRIVATE: Record<NamespaceName, readonly string[]> = {
  pid: [''],
  ipc: ['', 'none', 'private', 'shareable'],
  uts: [''],
  net: ['', 'none', 'default', 'bridge'],
  userns: [''],
  cgroupns: ['', 'private'],
};

/** The namespaces that `container:<name or id>` can join. */
const JOINABLE: ReadonlySet<NamespaceName> = new Set(['pid', 'ipc', 'net']);

/** Words with a meaning of their own in a NetworkMode: in another case they are nobody's network. */
const RESERVED_NETWORKS = ['host', 'none', 'default', 'bridge', 'container'];

/** A `PidMode`, `IpcMode`, `UTSMode`, `NetworkMode`, `UsernsMode` or `CgroupnsMode`; exact, without mercy for case. */
export function parseNamespace(name: NamespaceName, mode: string): Namespace {
  if (PRIVATE[name].includes(mode)) return 'private';
  if (mode === 'host') return 'host';
  if (JOINABLE.has(name) && mode.startsWith('container:')) {
    const container = parseContainerName(mode.slice('container:'.length));
    return container === undefined ? { unknown: mode } : { container };
  }
  return name === 'net' && isNetworkName(mode) ? 'private' : { unknown: mode };
}

/** Whether `network` can be the name or id of a network, other than a misspelt reserved word. */
export function isNetworkName(network: string): boolean {
  if (!OBJECT_NAME.test(network)) return false;
  const lower = network.toLowerCase();
  return network === lower || !RESERVED_NETWORKS.includes(lower);
}

/** A container's name or id without the leading slash of the engine's own notation, or undefined when it is neither. */
export function parseContainerName(reference: string): string | undefined {
  const name = reference.startsWith('/') ? reference.slice(1) : reference;
  return OBJECT_NAME.test(name) ? name : undefined;
}
