import { isOlder } from '../../engine/api-version.js';
import type { ApiVersion } from '../../engine/operations/operation.js';
import type { ContainerSpec } from './container-spec.js';
import type { Violation } from './evaluate.js';
import { normaliseCreate } from './normalise-container.js';
import type { ServiceBody, TaskContainerBody } from './service-body.js';

/** Engines before this API version take no notice of `Privileges.NoNewPrivileges`. */
const KNOWS_NO_NEW_PRIVILEGES: ApiVersion = '1.44';

/**
 * The spec of the containers that the tasks of a service run: written as the ContainerCreate body that an engine makes of it
 * on each node, so that services are judged by what containers are judged by.
 *
 * @param apiVersion the version spoken with the engine: what it takes no notice of protects nobody
 */
export function normaliseService(service: ServiceBody, apiVersion: ApiVersion): ContainerSpec {
  const { ContainerSpec, LogDriver } = service.TaskTemplate ?? {};
  const container = ContainerSpec ?? {};
  return normaliseCreate({
    Image: container.Image,
    User: container.User,
    HostConfig: {
      CapAdd: container.CapabilityAdd,
      CapDrop: container.CapabilityDrop,
      SecurityOpt: securityOptions(container.Privileges ?? {}, apiVersion),
      Mounts: container.Mounts,
      Sysctls: container.Sysctls,
      Ulimits: container.Ulimits,
      OomScoreAdj: container.OomScoreAdj,
      Isolation: container.Isolation,
      GroupAdd: container.Groups,
      LogConfig: { Type: LogDriver?.Name, Config: LogDriver?.Options },
    },
    NetworkingConfig: { EndpointsConfig: endpointsOf(service) },
  });
}

/** The networks of a service: those of the task template, and those where older clients put them. */
export function networksOf({ Networks, TaskTemplate }: ServiceBody) {
  return [...(TaskTemplate?.Networks ?? []), ...(Networks ?? [])];
}

/** Our words for what the API of services has fields for: `HostConfig.SecurityOpt`. */
function securityOptions(
  privileges: NonNullable<TaskContainerBody['Privileges']>,
  apiVersion: ApiVersion,
): string[] {
  const { CredentialSpec, SELinuxContext: label, Seccomp, AppArmor, NoNewPrivileges } = privileges;
  const given = (key: string, value: string | null | undefined) =>
    value == null || value === '' ? [] : [`${key}${value}`];
  const protects = NoNewPrivileges === true && !isOlder(apiVersion, KNOWS_NO_NEW_PRIVILEGES);
  return [
    ...(CredentialSpec ? ['credentialspec=given'] : []),
    ...(label?.Disable === true ? ['label=disable'] : []),
    ...given('label=user:', label?.User),
    ...given('label=role:', label?.Role),
    ...given('label=type:', label?.Type),
    ...given('label=level:', label?.Level),
    ...(Seccomp?.Profile ? ['seccomp=given'] : []),
    ...given('seccomp=', Seccomp?.Mode === 'default' ? '' : Seccomp?.Mode),
    ...given('apparmor=', AppArmor?.Mode === 'default' ? '' : AppArmor?.Mode),
    ...(protects ? ['no-new-privileges=true'] : []),
  ];
}

function endpointsOf(service: ServiceBody): Record<string, { DriverOpts: Record<string, string | null> }> {
  const endpoints = new Map<string, Record<string, string | null>>();
  for (const { Target, DriverOpts } of networksOf(service))
    endpoints.set(Target ?? '', { ...endpoints.get(Target ?? ''), ...DriverOpts });
  return Object.fromEntries([...endpoints].map(([network, DriverOpts]) => [network, { DriverOpts }]));
}

const CONTAINER = 'TaskTemplate.ContainerSpec';

/** The fields of a service's spec that those of the normal form come from. The longest that fits counts. */
const FIELDS: readonly (readonly [ofContainer: string, ofService: string])[] = [
  ['HostConfig.CapAdd', `${CONTAINER}.CapabilityAdd`],
  ['HostConfig.CapDrop', `${CONTAINER}.CapabilityDrop`],
  ['HostConfig.SecurityOpt', `${CONTAINER}.Privileges`],
  ['HostConfig.LogConfig.Type', 'TaskTemplate.LogDriver.Name'],
  ['HostConfig.LogConfig.Config', 'TaskTemplate.LogDriver.Options'],
  ['HostConfig.', `${CONTAINER}.`],
  ['User', `${CONTAINER}.User`],
  ['NetworkingConfig.EndpointsConfig.', 'TaskTemplate.Networks.'],
];

const NO_NEW_PRIVILEGES = `must have NoNewPrivileges, which engines take notice of from API ${KNOWS_NO_NEW_PRIVILEGES} on`;

/** A violation of the normal form, told of the fields that the caller wrote. */
export function ofService({ rule, field, message }: Violation): Violation {
  const [from, to] = FIELDS.find(([start]) => field.startsWith(start)) ?? ['', ''];
  return {
    rule,
    field: `${to}${field.slice(from.length)}`,
    message: rule === 'privilegeEscalation' ? NO_NEW_PRIVILEGES : message,
  };
}
