import { PROCESS_ARGUMENTS } from '../../common/process-columns.js';
import { isWithinLevel, type SecurityLevel } from '../../common/security-level.js';
import type { ValueOf } from './body-shape.js';
import { requireNone } from './evaluate.js';
import type { NETWORK_CREATE_BODY } from './object-bodies.js';
import { faultIf, onlyAllowed, type Fault } from './rules/rule.js';

/** A rule about what is made besides containers. All of them hold below `privileged`. */
export interface ObjectRule<Subject> {
  readonly name: string;
  readonly level: Exclude<SecurityLevel, 'privileged'>;
  readonly summary: string;
  /** The Engine API fields that it reads. */
  readonly fields: readonly string[];
  check(subject: Subject): readonly Fault[];
}

/** Drivers whose networks are the engine's own. Others reach the host's interfaces and the network that it is on. */
export const OWN_NETWORK_DRIVERS = ['', 'bridge', 'overlay'];

const NETWORK_OPTIONS = [
  'com.docker.network.bridge.enable_icc',
  'com.docker.network.bridge.enable_ip_masquerade',
  'com.docker.network.bridge.host_binding_ipv4',
  'com.docker.network.driver.mtu',
  'encrypted',
];

/** NetworkCreate. */
export const NETWORK_RULES: readonly ObjectRule<ValueOf<typeof NETWORK_CREATE_BODY>>[] = [
  {
    name: 'networkDriver',
    level: 'baseline',
    summary: 'A network is the engine’s own: bridge or overlay, not one that reaches interfaces of the host.',
    fields: ['Driver', 'IPAM.Driver', 'ConfigFrom.Network', 'Ingress'],
    check: ({ Driver, IPAM, ConfigFrom, Ingress }) => [
      ...onlyAllowed('Driver', [Driver ?? ''], OWN_NETWORK_DRIVERS, 'driver'),
      ...onlyAllowed('IPAM.Driver', [IPAM?.Driver ?? ''], ['', 'default'], 'IPAM driver'),
      ...onlyAllowed('ConfigFrom.Network', [ConfigFrom?.Network ?? ''], [''], 'configuration of network'),
      ...(Ingress === true ? [{ field: 'Ingress', message: 'the ingress network is the swarm’s' }] : []),
    ],
  },
  {
    name: 'networkDriverOptions',
    level: 'baseline',
    summary: 'Options of a network name no interface of the host.',
    fields: ['Options', 'IPAM.Options'],
    check: ({ Options, IPAM }) => [
      ...onlyAllowed('Options', Object.keys(Options ?? {}), NETWORK_OPTIONS, 'option'),
      ...onlyAllowed('IPAM.Options', Object.keys(IPAM?.Options ?? {}), [], 'option'),
    ],
  },
  {
    name: 'networkSubnets',
    level: 'baseline',
    summary:
      'The engine picks the addresses of a bridge, none that the host has a way to: what the host sends to a subnet goes to the bridge that has it.',
    fields: ['IPAM.Config'],
    // An overlay's addresses are inside the tunnels between its containers.
    check: ({ Driver, IPAM }) =>
      Driver === 'overlay'
        ? []
        : (IPAM?.Config ?? []).flatMap((config, index) =>
            onlyAllowed(`IPAM.Config[${index}].Subnet`, [config.Subnet ?? ''], [''], 'subnet'),
          ),
  },
];

/** The query of ImageBuild, and of ImageCreate. */
export type BuildQuery = Readonly<Record<string, unknown>>;

/** ImageBuild: who the steps of a build are, and what they may reach. */
export const BUILD_RULES: readonly ObjectRule<BuildQuery>[] = [
  {
    name: 'buildUser',
    level: 'restricted',
    summary:
      'Nothing is built: steps run as root with the default capabilities, until the Dockerfile itself says otherwise.',
    fields: ['dockerfile'],
    check: () => [{ field: 'dockerfile', message: 'steps of a build run as root' }],
  },
  {
    name: 'buildNetwork',
    level: 'baseline',
    summary: 'The steps of a build are on a network of the engine, not on the host’s or another container’s.',
    fields: ['networkmode'],
    check: ({ networkmode }) =>
      onlyAllowed('networkmode', [textOf(networkmode)], ['', 'default', 'bridge', 'none'], 'network mode'),
  },
  {
    name: 'buildRemote',
    level: 'baseline',
    summary:
      'The context of a build is sent with it; the engine fetches none from an address. What the Dockerfile itself names (FROM, ADD) it does fetch.',
    fields: ['remote'],
    check: ({ remote }) => onlyAllowed('remote', [textOf(remote)], ['', 'client-session'], 'address'),
  },
  {
    name: 'buildCgroup',
    level: 'baseline',
    summary: 'The steps of a build run in the engine’s own control groups.',
    fields: ['cgroupparent'],
    check: ({ cgroupparent }) =>
      onlyAllowed('cgroupparent', [textOf(cgroupparent)], [''], 'parent control group'),
  },
];

/** ImageCreate without `fromImage`. */
export const IMPORT_RULES: readonly ObjectRule<BuildQuery>[] = [
  {
    name: 'importRemote',
    level: 'baseline',
    summary: 'What an image is imported from is sent with the call; the engine fetches none from an address.',
    fields: ['fromSrc'],
    check: ({ fromSrc }) => onlyAllowed('fromSrc', [textOf(fromSrc)], ['', '-'], 'address'),
  },
];

/** ContainerTop: ps(1) runs on the host, as root. */
export const TOP_RULES: readonly ObjectRule<BuildQuery>[] = [
  {
    name: 'processArguments',
    level: 'baseline',
    summary:
      'Processes are asked for by known sets or columns: by other arguments, ps(1) shows processes of the host, and their environment.',
    fields: ['ps_args'],
    check: ({ ps_args: given }) => {
      const text = textOf(given);
      return faultIf(
        text !== '' && !PROCESS_ARGUMENTS.test(text),
        'ps_args',
        'must be -ef, aux, or -o with known columns',
      );
    },
  },
];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

/** @throws DomainError `policy_violation` naming each rule and field that `level` does not allow */
export function judgeBy<Subject>(
  rules: readonly ObjectRule<Subject>[],
  subject: Subject,
  level: SecurityLevel,
  what: string,
): void {
  const violations = rules
    .filter((rule) => isWithinLevel(level, rule.level))
    .flatMap((rule) => rule.check(subject).map((fault) => ({ rule: rule.name, ...fault })));
  requireNone(violations, level, what);
}
