import type {
  ConfigReference,
  EngineHandle,
  ObjectRecord,
  SecretReference,
  ServiceDocument,
} from '../gate/engine-handle.js';
import type { ServiceUse } from './service-use.model.js';

/** By the full id of what is used. */
export type ServiceUses = ReadonlyMap<string, readonly ServiceUse[]>;

/**
 * Which services use which secrets or configs, as far as the actor may see those; null where it may see none at all. From
 * memory.
 */
export async function serviceUses(
  handle: EngineHandle,
  kind: 'secret' | 'config',
): Promise<ServiceUses | null> {
  if (!(await handle.mayEver('services:list'))) return null;
  const uses = new Map<string, ServiceUse[]>();
  for (const service of (await handle.objects('service')).records) {
    for (const { id, file } of kind === 'secret' ? secretsIn(service) : configsIn(service)) {
      const use = { serviceId: service.id, serviceName: service.name, file };
      const known = uses.get(id);
      if (known) known.push(use);
      else uses.set(id, [use]);
    }
  }
  return uses;
}

type Service = ObjectRecord<ServiceDocument>;

function secretsIn({ kept }: Service) {
  const references = kept.Spec.TaskTemplate?.ContainerSpec?.Secrets ?? [];
  return references.map(({ SecretID = '', File }: SecretReference) => ({ id: SecretID, file: fileOf(File) }));
}

function configsIn({ kept }: Service) {
  const references = kept.Spec.TaskTemplate?.ContainerSpec?.Configs ?? [];
  return references.map(({ ConfigID = '', File }: ConfigReference) => ({ id: ConfigID, file: fileOf(File) }));
}

function fileOf(file: { readonly Name?: string } | undefined): string | null {
  return file?.Name ?? null;
}
