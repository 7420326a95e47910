import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** The real Docker client as a peer: `docker(engine.dockerHost, 'ps', '-a')`. Takes no settings of the user who runs the tests. */
export async function docker(host: string, ...args: string[]): Promise<string> {
  return (
    await run('docker', args, { env: dockerEnvironment(host), maxBuffer: LARGEST_OUTPUT })
  ).stdout.trim();
}

/** Environment for a Docker client that talks to the host, with no configuration unless one is given. */
export function dockerEnvironment(host: string, configDirectory = '/nonexistent'): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, DOCKER_HOST: host, DOCKER_CONFIG: configDirectory, HOME: configDirectory };
}
