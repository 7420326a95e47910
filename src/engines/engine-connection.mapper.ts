import { type EngineHealth, LOCAL_ENGINE, parseKnownHosts } from '../gate/engine-setup.js';
import { certificatesIn } from './engine-certificates.js';
import { type Engine, type EngineConnectionDetails, TRANSPORTS } from './engine.model.js';
import type { StoredEngine } from './engine-store.js';
import { engineWarnings } from './engine-warnings.js';

type Shown = Pick<StoredEngine, 'description' | 'address' | 'tls' | 'ssh'>;

/** @param showConnection whether to tell how it is reached */
export function toEngine(
  health: EngineHealth,
  stored: Shown | undefined,
  { showConnection }: { showConnection: boolean },
): Engine {
  return {
    ...health,
    description: stored?.description ?? '',
    builtIn: health.name === LOCAL_ENGINE,
    connection: showConnection && stored ? toConnectionDetails(stored) : null,
  };
}

/** How a stored engine is reached, without what is secret. */
function toConnectionDetails(engine: Shown): EngineConnectionDetails {
  const { address, tls, ssh } = engine;
  const scheme = address.slice(0, address.indexOf(':'));
  return {
    address,
    transport: TRANSPORTS.find((transport) => transport === scheme) ?? 'tcp',
    tls: tls !== undefined || scheme === 'https',
    authorities: tls?.ca === undefined ? [] : certificatesIn(tls.ca, 'tls.ca'),
    certificate: tls?.cert === undefined ? null : (certificatesIn(tls.cert, 'tls.certificate')[0] ?? null),
    sshKeyFingerprint: ssh?.keyFingerprint ?? null,
    knownHosts: ssh?.knownHosts === undefined ? [] : parseKnownHosts(ssh.knownHosts),
    warnings: engineWarnings(engine),
  };
}
