import { Injectable } from '@nestjs/common';
import { SecretBox } from '../common/secret-box.js';
import type { EngineWish } from '../gate/engine-setup.js';
import type { StoredEngine } from './engine-store.js';

/** What is given of an engine, apart from its private key, which is kept sealed. */
export type OpenParts = Pick<StoredEngine, 'address' | 'tls' | 'ssh'>;

/** Seals the private keys of engines, and opens them for connections only. */
@Injectable()
export class EngineKeys {
  constructor(private readonly box: SecretBox) {}

  seal(engineId: string, key: string | undefined): string | undefined {
    return key === undefined ? undefined : this.box.seal(key, placeOf(engineId));
  }

  /** @throws DomainError `unavailable` where DOCKMASTER_SECRET_KEY is another than it was */
  wish({ id, address, tls, ssh, sealedKey }: StoredEngine): EngineWish {
    const key = sealedKey === undefined ? undefined : this.box.open(sealedKey, placeOf(id));
    return {
      address,
      tls: tls && { ...given('ca', tls.ca), ...given('cert', tls.cert), ...given('key', key) },
      ssh: ssh && { ...given('knownHosts', ssh.knownHosts), ...given('key', key) },
    };
  }
}

const placeOf = (engineId: string) => `engine:${engineId}`;

const given = <K extends string>(name: K, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<K, string>>;
