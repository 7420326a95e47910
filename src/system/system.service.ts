import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Loose } from '../containers/engine-document.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { toDaemonConfig } from './daemon-config.mapper.js';
import type { DaemonConfig, DaemonConfigValidation } from './daemon-config.model.js';
import { validateDaemonConfig } from './daemon-config-validation.js';
import {
  type DistributionDocument,
  type InfoDocument,
  toDistributionImage,
  toSystemInfo,
  toSystemPing,
  toSystemVersion,
  type VersionDocument,
} from './system.mapper.js';
import { registryAuth } from './registry-auth.js';
import type { DistributionImage, SystemInfo, SystemPing, SystemVersion } from './system.model.js';

const DEFAULT_BRIDGE = 'bridge';

/** An engine itself: what it is, and how it is set up. */
@Injectable()
export class SystemService {
  constructor(
    private readonly gate: Gate,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  async info(actor: Actor, engine: string): Promise<SystemInfo> {
    const handle = this.gate.as(actor).engine(engine);
    const { body } = await handle.json<Loose<InfoDocument>>('SystemInfo');
    return toSystemInfo(body, {
      containers: await handle.mayAlways('containers:list'),
      images: await handle.mayAlways('images:list'),
    });
  }

  async version(actor: Actor, engine: string): Promise<SystemVersion> {
    const { body } = await this.gate.as(actor).engine(engine).json<Loose<VersionDocument>>('SystemVersion');
    return toSystemVersion(body);
  }

  async ping(actor: Actor, engine: string): Promise<SystemPing> {
    const handle = this.gate.as(actor).engine(engine);
    const began = performance.now();
    const { headers } = await handle.json('SystemPing');
    return toSystemPing(headers, performance.now() - began);
  }

  /** An image where its registry has it, as the engine sees the registry; with stored credentials that the actor may use. */
  async distribution(actor: Actor, engine: string, reference: string): Promise<DistributionImage> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('DistributionInspect');
    const { body } = await handle.json<Loose<DistributionDocument>>('DistributionInspect', {
      params: { name: reference },
      ...registryAuth(await this.credentials.authHeaderFor(actor, reference)),
    });
    return toDistributionImage(body);
  }

  async daemonConfig(actor: Actor, engine: string): Promise<DaemonConfig> {
    const handle = this.gate.as(actor).engine(engine);
    const { body } = await handle.json<Loose<InfoDocument>>('SystemInfo');
    return toDaemonConfig(body, await defaultBridgeSubnets(handle));
  }

  /** Nothing is changed: the file is compared with the engine as it runs. */
  async validate(actor: Actor, engine: string, content: string): Promise<DaemonConfigValidation> {
    const { body } = await this.gate.as(actor).engine(engine).json<Loose<InfoDocument>>('SystemInfo');
    return validateDaemonConfig(content, body);
  }
}

async function defaultBridgeSubnets(handle: EngineHandle): Promise<string[]> {
  if (!(await handle.mayAlways('networks:get'))) return [];
  try {
    const { body } = await handle.json<Loose<{ IPAM: { Config: { Subnet: string }[] | null } }>>(
      'NetworkInspect',
      { params: { id: DEFAULT_BRIDGE } },
    );
    return (body.IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []);
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return [];
    throw error;
  }
}
