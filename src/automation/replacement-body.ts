import type { ContainerInspectInfo } from 'dockerode';
import { type EngineDocument, type Loose, present } from '../containers/engine-document.js';
import { NO_NETWORK, takesOneNetwork } from '../containers/network.mapper.js';
import { ENGINE_MASKED_PATHS, ENGINE_READONLY_PATHS } from '../gate/policy/normalise-container.js';

const SHORT_ID = 12;

type Config = Readonly<Record<string, unknown>>;

interface Endpoint {
  readonly IPAMConfig: object;
  readonly Links: string[];
  readonly Aliases: string[];
  readonly DriverOpts: Record<string, string>;
  readonly GwPriority: number;
  readonly NetworkID: string;
}

/** A container's document, as far as its configuration goes. */
export interface KnownContainer {
  readonly Id: string;
  readonly Config: Config;
  readonly HostConfig: Config;
  readonly Mounts: ContainerInspectInfo['Mounts'];
  readonly NetworkSettings: { readonly Networks?: Readonly<Record<string, Loose<Endpoint> | null>> | null };
}

/** What ContainerCreate takes of a container that is to be as another. */
export interface Replacement {
  readonly body: EngineDocument;
  /** The networks that the engine does not take at create. */
  readonly networks: readonly { readonly name: string; readonly endpoint: EngineDocument }[];
}

/**
 * The configuration of a container, to create another one with. What it has of its image is left out, so that the new one has
 * it of the new image. The anonymous volumes that it mounts are named.
 *
 * @param imageConfig that of the image that the container was made of; undefined where it is not known
 * @param image the image of the new one
 * @param apiVersion the version spoken with the engine
 */
export function replacementBody(
  container: KnownContainer,
  imageConfig: Config | undefined,
  image: string,
  apiVersion: string,
): Replacement {
  const host = hostConfig(container);
  const endpoints = endpointsOf(container, apiVersion);
  const first = takesOneNetwork(apiVersion) ? endpoints.slice(0, 1) : endpoints;
  return {
    body: present({
      ...ownConfig(container, imageConfig ?? {}, apiVersion),
      Image: image,
      HostConfig: host,
      NetworkingConfig:
        first.length > 0
          ? { EndpointsConfig: Object.fromEntries(first.map(({ name, endpoint }) => [name, endpoint])) }
          : undefined,
    }),
    networks: endpoints.slice(first.length),
  };
}

/** Fields whose value comes from the image as a whole, where the container has none of its own. */
const WHOLE = ['User', 'WorkingDir', 'Healthcheck', 'StopSignal', 'Shell', 'ArgsEscaped'] as const;
/** Fields whose entries come from the image one by one. */
const BY_KEY = ['ExposedPorts', 'Volumes', 'Labels'] as const;
/** Fields that an image does not say anything of. */
const OWN = [
  'Domainname',
  'AttachStdin',
  'AttachStdout',
  'AttachStderr',
  'Tty',
  'OpenStdin',
  'StdinOnce',
  'NetworkDisabled',
  'StopTimeout',
] as const;

function ownConfig(container: KnownContainer, image: Config, apiVersion: string): EngineDocument {
  const { Id, Config: config, HostConfig: host } = container;
  const own: EngineDocument = {};
  for (const field of OWN) own[field] = config[field] ?? undefined;
  for (const field of WHOLE)
    own[field] = isSame(config[field], image[field]) ? undefined : (config[field] ?? undefined);
  for (const field of BY_KEY) own[field] = withoutKeys(config[field], image[field]);
  own['Env'] = withoutEntries(config['Env'], image['Env']);
  Object.assign(own, command(config, image));
  const hostname = config['Hostname'];
  const isByDefault = hostname === Id.slice(0, SHORT_ID) || NO_NETWORK.test(modeOf(container));
  if (!isByDefault && host['UTSMode'] !== 'host') own['Hostname'] = hostname ?? undefined;
  // Later versions take it on a network, and do not tell a chosen one from one that was given.
  if (takesOneNetwork(apiVersion) && config['MacAddress'] !== '')
    own['MacAddress'] = config['MacAddress'] ?? undefined;
  return own;
}

/** An image's command goes with its entrypoint: with an entrypoint of its own, a container has a command of its own. */
function command(config: Config, image: Config): EngineDocument {
  if (!isSame(config['Entrypoint'], image['Entrypoint'])) {
    const taken = isEmpty(config['Entrypoint']) ? [''] : config['Entrypoint'];
    return { Entrypoint: taken, Cmd: config['Cmd'] ?? undefined };
  }
  return isSame(config['Cmd'], image['Cmd']) ? {} : { Cmd: config['Cmd'] ?? undefined };
}

function hostConfig({ HostConfig: host, Mounts: mounts }: KnownContainer): EngineDocument {
  const { ContainerIDFile: _, ...own } = host;
  return present({
    ...own,
    Links: linksOf(host['Links']),
    Mounts: mountsOf(host, mounts),
    MaskedPaths: unlessDefault(host['MaskedPaths'], ENGINE_MASKED_PATHS),
    ReadonlyPaths: unlessDefault(host['ReadonlyPaths'], ENGINE_READONLY_PATHS),
  });
}

interface MountDocument {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
}

/** Those that were asked for, and what else it mounts of volumes: those of its image and of other containers. */
function mountsOf(host: Config, mounts: KnownContainer['Mounts']): EngineDocument[] | undefined {
  const volumes = new Map(
    mounts.filter(({ Type, Name }) => Type === 'volume' && Name).map((mount) => [mount.Destination, mount]),
  );
  const asked = ((host['Mounts'] ?? []) as MountDocument[]).map((mount) => {
    const named =
      mount.Type === 'volume' && !mount.Source ? volumes.get(mount.Target ?? '')?.Name : undefined;
    return named === undefined ? { ...mount } : { ...mount, Source: named };
  });
  const bound = ((host['Binds'] ?? []) as string[]).map((bind) => bind.split(':')[1] ?? '');
  const known = new Set([...bound, ...asked.map(({ Target }) => Target ?? '')].map(withoutSlash));
  const others = [...volumes.values()]
    .filter(({ Destination }) => !known.has(withoutSlash(Destination)))
    .map(({ Name, Destination, RW }) => ({
      Type: 'volume',
      Source: Name,
      Target: Destination,
      ReadOnly: !RW,
    }));
  const all = [...asked, ...others];
  return all.length > 0 ? all : undefined;
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** `/db:/web/database`, as it is told, is `db:database`, as it is asked for. */
function linksOf(links: unknown): string[] | undefined {
  if (!Array.isArray(links) || links.length === 0) return undefined;
  return (links as string[]).map((link) => {
    const [target = '', alias = ''] = link.split(':');
    return `${target.replace(/^\//, '')}:${alias.slice(alias.lastIndexOf('/') + 1)}`;
  });
}

function endpointsOf(
  container: KnownContainer,
  apiVersion: string,
): { name: string; endpoint: EngineDocument }[] {
  const mode = modeOf(container);
  if (NO_NETWORK.test(mode)) return [];
  const networks = Object.entries(container.NetworkSettings.Networks ?? {});
  const isFirst = (name: string, endpoint: Loose<Endpoint> | null) =>
    name === mode ||
    endpoint?.NetworkID === mode ||
    (name === 'bridge' && (mode === 'default' || mode === ''));
  return networks
    .sort(([one, its], [other, others]) => Number(isFirst(other, others)) - Number(isFirst(one, its)))
    .map(([name, endpoint]) => ({ name, endpoint: endpointOf(container.Id, endpoint ?? {}, apiVersion) }));
}

function modeOf({ HostConfig: host }: KnownContainer): string {
  const mode = host['NetworkMode'];
  return typeof mode === 'string' ? mode : '';
}

/** As it was asked for: what the engine chose by itself, it chooses again. */
function endpointOf(id: string, endpoint: Loose<Endpoint>, apiVersion: string): EngineDocument {
  const aliases = (endpoint.Aliases ?? []).filter((alias) => alias !== id.slice(0, SHORT_ID));
  return present({
    IPAMConfig: endpoint.IPAMConfig ?? undefined,
    Links: endpoint.Links ?? undefined,
    Aliases: aliases.length > 0 ? aliases : undefined,
    DriverOpts: endpoint.DriverOpts ?? undefined,
    GwPriority: takesOneNetwork(apiVersion) ? undefined : (endpoint.GwPriority ?? undefined),
  });
}

function unlessDefault(paths: unknown, byDefault: readonly string[]): unknown {
  if (!Array.isArray(paths)) return paths ?? undefined;
  const same = paths.length === byDefault.length && byDefault.every((path) => paths.includes(path));
  return same ? undefined : paths;
}

function withoutEntries(own: unknown, image: unknown): unknown {
  if (!Array.isArray(own)) return undefined;
  const known = new Set(Array.isArray(image) ? (image as string[]) : []);
  const kept = (own as string[]).filter((entry) => !known.has(entry));
  return kept.length > 0 ? kept : undefined;
}

function withoutKeys(own: unknown, image: unknown): unknown {
  const known = asRecord(image);
  const kept = Object.entries(asRecord(own)).filter(
    ([key, value]) => !(Object.hasOwn(known, key) && isSame(known[key], value)),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** Nothing, in whatever way it is written, is the same as nothing. */
function isSame(one: unknown, other: unknown): boolean {
  return isEmpty(one) ? isEmpty(other) : JSON.stringify(one) === JSON.stringify(other);
}
