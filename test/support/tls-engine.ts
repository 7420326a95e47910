import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { PrivateEngine } from './private-engine.js';

/** An engine that is reached by TCP with TLS on the loopback interface, and so has to be on the network of this machine. */
export interface TlsEngine {
  readonly engine: PrivateEngine;
  /** `127.0.0.1:PORT` */
  readonly address: string;
  stop(): Promise<void>;
}

/** @param certificates the folder of its own: `ca.pem`, `cert.pem`, `key.pem` */
export async function startTlsEngine(certificates: string): Promise<TlsEngine> {
  const address = `127.0.0.1:${await freePort()}`;
  const file = (name: string) => join(certificates, name);
  // Without a bridge of its own it would take, or remove, the one of the engine that this machine may have.
  const bridge = `dm-${randomBytes(4).toString('hex')}`;
  ip('link', 'add', bridge, 'type', 'bridge');
  const removeBridge = () => ip('link', 'delete', bridge);
  try {
    ip('address', 'add', '169.254.253.1/30', 'dev', bridge);
    const engine = await PrivateEngine.start({
      name: 'tls',
      network: 'host',
      flags: [
        `--host=tcp://${address}`,
        '--tlsverify',
        `--tlscacert=${file('ca.pem')}`,
        `--tlscert=${file('cert.pem')}`,
        `--tlskey=${file('key.pem')}`,
        `--bridge=${bridge}`,
        '--iptables=false',
        '--ip6tables=false',
        '--ip-forward=false',
      ],
    });
    const stop = async () => {
      await engine.stop();
      removeBridge();
    };
    return { engine, address, stop };
  } catch (error) {
    removeBridge();
    throw error;
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
