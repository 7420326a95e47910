import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { parseEngineAddress } from './engine-address.js';
import { EngineRegistry } from './engine-registry.js';
import { readTlsFiles } from './engine-tls.js';

/** The engine that `DOCKER_HOST` names. */
export const LOCAL_ENGINE = 'local';

async function createRegistry({ docker }: Settings): Promise<EngineRegistry> {
  const address = parseEngineAddress(docker.host, { tls: docker.tlsVerify });
  const tls = docker.certPath === undefined ? undefined : await readTlsFiles(docker.certPath);
  return new EngineRegistry([{ name: LOCAL_ENGINE, address, tls }]);
}

@Injectable()
class EngineConnections implements OnApplicationShutdown {
  constructor(private readonly engines: EngineRegistry) {}

  onApplicationShutdown(): Promise<void> {
    return this.engines.close();
  }
}

@Module({
  providers: [EngineConnections, { provide: EngineRegistry, inject: [Settings], useFactory: createRegistry }],
  exports: [EngineRegistry],
})
export class EngineModule {}
