import type { ContainerSpec, Namespace, NamespaceName, NetworkAttachment } from '../container-spec.js';
import { NAMESPACES } from '../container-spec.js';
import { isNetworkName, parseContainerName } from '../namespace-mode.js';
import type { PolicyContext } from '../policy-context.js';
import type { SecurityLevel } from '../../../common/security-level.js';
import { ENDPOINT_DRIVER_OPTIONS, ISOLATIONS, RUNTIMES } from './allowed-values.js';
import { faultIf, onlyAllowed, quote, type Fault, type Rule } from './rule.js';

const NAMESPACE_FIELDS: Record<NamespaceName, string> = {
  pid: 'HostConfig.PidMode',
  ipc: 'HostConfig.IpcMode',
  uts: 'HostConfig.UTSMode',
  net: 'HostConfig.NetworkMode',
  userns: 'HostConfig.UsernsMode',
  cgroupns: 'HostConfig.CgroupnsMode',
};

/** What keeps a container apart from the host and from other containers. */
export const ISOLATION_RULES: readonly Rule[] = [
  {
    name: 'hostNamespaces',
    level: 'baseline',
    summary: "Namespaces are the container's own, or those of a container that the actor may use.",
    fields: [...Object.values(NAMESPACE_FIELDS), 'NetworkingConfig.EndpointsConfig'],
    check: async (spec, context, level) => [
      ...(await namespaceFaults(spec, context, level)),
      ...(await hostNetworkFaults(spec.networks, context)),
    ],
  },
  {
    name: 'links',
    level: 'baseline',
    summary: "Links, which hand over a container's environment, are to containers that the actor may use.",
    fields: ['HostConfig.Links', 'NetworkingConfig.EndpointsConfig.*.Links'],
    check: (spec, context, level) => unusable(spec.links, 'HostConfig.Links', context, level),
  },
  {
    name: 'endpointOptions',
    level: 'baseline',
    summary: "Options for a network's driver are from a short list.",
    fields: ['NetworkingConfig.EndpointsConfig.*.DriverOpts'],
    check: ({ networks }) =>
      networks.flatMap(({ field, driverOptions }) =>
        onlyAllowed(`${field}.DriverOpts`, driverOptions, ENDPOINT_DRIVER_OPTIONS, 'driver option'),
      ),
  },
  {
    name: 'runtime',
    level: 'baseline',
    summary: "The runtime is runc, the engine's default or one that the engine's owner allows.",
    fields: ['HostConfig.Runtime'],
    check: ({ runtime }, { allowedRuntimes }) =>
      onlyAllowed('HostConfig.Runtime', [runtime], [...RUNTIMES, ...allowedRuntimes], 'runtime'),
  },
  {
    name: 'isolation',
    level: 'baseline',
    summary: 'Windows isolation is the default or stronger.',
    fields: ['HostConfig.Isolation'],
    check: ({ isolation }) => onlyAllowed('HostConfig.Isolation', [isolation], ISOLATIONS, 'isolation'),
  },
  {
    name: 'cgroupParent',
    level: 'baseline',
    summary: 'The engine chooses the cgroup.',
    fields: ['HostConfig.CgroupParent', 'HostConfig.Cgroup'],
    check: ({ cgroupParent, cgroup }) => [
      ...faultIf(cgroupParent !== '', 'HostConfig.CgroupParent', 'must not be set'),
      ...faultIf(cgroup !== '', 'HostConfig.Cgroup', 'must not be set'),
    ],
  },
  {
    name: 'annotations',
    level: 'baseline',
    summary: 'No annotations: runtimes take them as orders (systemd properties, hooks).',
    fields: ['HostConfig.Annotations'],
    check: ({ annotations }) => onlyAllowed('HostConfig.Annotations', annotations, [], 'annotation'),
  },
];

/** One fault for each of `containers` that the actor may not use at `level`. */
export async function unusable(
  containers: readonly string[],
  field: string,
  context: PolicyContext,
  level: SecurityLevel,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const container of new Set(containers)) {
    const named = parseContainerName(container) !== undefined;
    if (!named || !(await context.mayUseContainer(container, level))) {
      faults.push({ field, message: `container ${quote(container)} may not be used` });
    }
  }
  return faults;
}

async function namespaceFaults(
  spec: ContainerSpec,
  context: PolicyContext,
  level: SecurityLevel,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const name of NAMESPACES) {
    const namespace: Namespace = spec.namespaces[name];
    const field = NAMESPACE_FIELDS[name];
    if (namespace === 'private' || isEngineDefault(name, namespace, context)) continue;
    if (namespace === 'host') faults.push({ field, message: "must not be the host's" });
    else if ('container' in namespace)
      faults.push(...(await unusable([namespace.container], field, context, level)));
    else faults.push({ field, message: `${quote(namespace.unknown)} is not a known mode` });
  }
  return faults;
}

function isEngineDefault(name: NamespaceName, namespace: Namespace, context: PolicyContext): boolean {
  return name === 'cgroupns' && namespace === context.defaultCgroupNamespace;
}

/** The host's network by any other name: as an endpoint, by its id. */
async function hostNetworkFaults(
  networks: readonly NetworkAttachment[],
  context: PolicyContext,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { field, network } of networks) {
    if (!isNetworkName(network)) faults.push({ field, message: `${quote(network)} is not a network's name` });
    else if (network === 'host' || (await context.network(network))?.driver === 'host') {
      faults.push({ field, message: "must not be the host's network" });
    }
  }
  return faults;
}
