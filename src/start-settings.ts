import { readSettings, type Settings, type ValueCheck } from './config/settings.js';
import { parseEngineAddress } from './engine/engine-address.js';
import { FIRST_ADMIN } from './identity/initial-password-file.js';
import { checkPassword } from './identity/password-policy.js';

const CHECKS: readonly ValueCheck[] = [
  {
    field: 'DOCKER_HOST',
    check: ({ docker }) => {
      parseEngineAddress(docker.host, { tls: docker.tlsVerify });
    },
  },
  {
    field: 'DOCKMASTER_ADMIN_PASSWORD',
    check: ({ adminPassword }) => {
      if (adminPassword !== undefined) checkPassword(adminPassword, FIRST_ADMIN);
    },
  },
];

/**
 * The settings that the program starts with.
 *
 * @throws DomainError `invalid_input` that lists all that is wrong with them
 */
export function readStartSettings(environment?: NodeJS.ProcessEnv): Settings {
  return readSettings(environment, CHECKS);
}
