import type { ContainerSpec } from '../container-spec.js';
import {
  APPARMOR_PROFILES,
  BASELINE_CAPABILITIES,
  DEFAULT_MASKED_PATHS,
  DEFAULT_READONLY_PATHS,
  RESTRICTED_CAPABILITIES,
  SAFE_SYSCTLS,
  SECCOMP_PROFILES,
  SELINUX_TYPES,
} from './allowed-values.js';
import { faultIf, onlyAllowed, quote, type Fault, type Rule } from './rule.js';

const SECURITY_OPT = 'HostConfig.SecurityOpt';

/** What a container's processes may ask of the kernel. */
export const PRIVILEGE_RULES: readonly Rule[] = [
  {
    name: 'privilegedContainers',
    level: 'baseline',
    summary: 'Neither the container nor an exec in it is privileged.',
    fields: ['HostConfig.Privileged', 'Privileged (exec)'],
    check: ({ privileged }) => faultIf(privileged, 'HostConfig.Privileged', 'must not be true'),
  },
  {
    name: 'capabilities',
    level: 'baseline',
    summary: 'Only capabilities that Docker gives by default are added.',
    fields: ['HostConfig.CapAdd'],
    check: ({ capAdd }) => addedCapabilities(capAdd, BASELINE_CAPABILITIES),
  },
  {
    name: 'restrictedCapabilities',
    level: 'restricted',
    summary: 'All capabilities are dropped, and only NET_BIND_SERVICE is added back.',
    fields: ['HostConfig.CapDrop', 'HostConfig.CapAdd'],
    check: ({ capAdd, capDrop }) => [
      ...faultIf(!capDrop.some((name) => /^all$/i.test(name)), 'HostConfig.CapDrop', 'must contain "ALL"'),
      ...addedCapabilities(capAdd, RESTRICTED_CAPABILITIES),
    ],
  },
  {
    name: 'privilegeEscalation',
    level: 'restricted',
    summary: 'Processes cannot gain privileges by set-user-id programs or file capabilities.',
    fields: [SECURITY_OPT],
    check: ({ security }) =>
      faultIf(!security.noNewPrivileges, SECURITY_OPT, 'must contain "no-new-privileges=true"'),
  },
  {
    name: 'runAsNonRoot',
    level: 'restricted',
    summary: "The user is a number other than 0: a name, or the image's own user, may turn out to be root.",
    fields: ['User', 'User (exec)'],
    check: ({ user }) =>
      faultIf(!/^[1-9]\d*(?::.*)?$/.test(user), 'User', 'must be a numeric user id other than 0'),
  },
  {
    name: 'seccomp',
    level: 'baseline',
    summary: "Seccomp is the engine's own profile.",
    fields: [SECURITY_OPT],
    check: ({ security }) => onlyAllowed(SECURITY_OPT, security.seccomp, SECCOMP_PROFILES, 'seccomp profile'),
  },
  {
    name: 'appArmor',
    level: 'baseline',
    summary: "AppArmor is the engine's own profile.",
    fields: [SECURITY_OPT],
    check: ({ security }) =>
      onlyAllowed(SECURITY_OPT, security.appArmor, APPARMOR_PROFILES, 'AppArmor profile'),
  },
  {
    name: 'seLinux',
    level: 'baseline',
    summary: 'SELinux stays on, with the types made for containers, and no user or role of choice.',
    fields: [SECURITY_OPT],
    check: ({ security }) =>
      security.labels
        .filter((label) => !isHarmlessLabel(label))
        .map((label) => ({ field: SECURITY_OPT, message: `SELinux label ${quote(label)} is not allowed` })),
  },
  {
    name: 'securityOptions',
    level: 'baseline',
    summary: 'There is no security option of any other kind.',
    fields: [SECURITY_OPT],
    check: ({ security }) => onlyAllowed(SECURITY_OPT, security.unknown, [], 'security option'),
  },
  {
    name: 'maskedPaths',
    level: 'baseline',
    summary: 'What the engine hides or write-protects in /proc and /sys stays so.',
    fields: ['HostConfig.MaskedPaths', 'HostConfig.ReadonlyPaths'],
    check: ({ maskedPaths, readonlyPaths }) => [
      ...missingPaths('HostConfig.MaskedPaths', maskedPaths, DEFAULT_MASKED_PATHS),
      ...missingPaths('HostConfig.ReadonlyPaths', readonlyPaths, DEFAULT_READONLY_PATHS),
    ],
  },
  {
    name: 'sysctls',
    level: 'baseline',
    summary: 'Sysctls are from the safe list.',
    fields: ['HostConfig.Sysctls'],
    check: ({ sysctls }) => onlyAllowed('HostConfig.Sysctls', sysctls, SAFE_SYSCTLS, 'sysctl'),
  },
];

function addedCapabilities(capAdd: ContainerSpec['capAdd'], allowed: readonly string[]): Fault[] {
  return onlyAllowed('HostConfig.CapAdd', capAdd.map(capabilityName), allowed, 'capability');
}

/**
 * The engine takes `cap_chown` and `CHOWN` alike, upper-casing by Unicode, so that "ſys_admin" is SYS_ADMIN. Only ASCII
 * is folded here; anything else stays as it is and is on no list.
 */
function capabilityName(name: string): string {
  return /^[a-z_]+$/i.test(name) ? name.toUpperCase().replace(/^CAP_/, '') : name;
}

function isHarmlessLabel(label: string): boolean {
  return label.startsWith('level:') || SELINUX_TYPES.some((type) => label === `type:${type}`);
}

function missingPaths(field: string, given: string[] | undefined, required: readonly string[]): Fault[] {
  const missing = given === undefined ? [] : required.filter((path) => !given.includes(path));
  return faultIf(missing.length > 0, field, `must be left out or contain ${missing.join(', ')}`);
}
