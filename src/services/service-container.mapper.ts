import { type EngineDocument, present } from '../containers/engine-document.js';
import type {
  ServiceConfigInput,
  ServicePrivilegesInput,
  ServiceSecretInput,
  TaskResourcesInput,
} from './service-container.inputs.js';
import type { ServiceOptionsInput } from './service.inputs.js';

/** The engine's own default for the files of secrets and configs, which its API does not have: 0444. */
const READ_ONLY = 0o444;

/** Names, secrets and configs of the containers: `DNSConfig`, `Hosts`, `Secrets`, `Configs` of a ContainerSpec. */
export function toContainerData({ dns, secrets, configs }: ServiceOptionsInput): EngineDocument {
  return {
    DNSConfig: dns && present({ Nameservers: dns.servers, Search: dns.search, Options: dns.options }),
    Hosts: dns?.extraHosts?.map(toHost),
    Secrets: secrets?.map((input) => ({ SecretID: input.secret, File: toFile(input) })),
    Configs: configs?.map((input) =>
      input.runtime === true
        ? { ConfigID: input.config, Runtime: {} }
        : { ConfigID: input.config, File: toFile(input) },
    ),
  };
}

/** Without a target the gate, which knows the object, names the file after it. */
function toFile({ target, uid, gid, mode }: ServiceSecretInput | ServiceConfigInput): EngineDocument {
  return { Name: target ?? '', UID: uid ?? '0', GID: gid ?? '0', Mode: mode ?? READ_ONLY };
}

/** `name:address`, as containers have it, is `address name` here. The address may hold colons. */
function toHost(line: string): string {
  const at = line.search(/[:=]/);
  return `${line.slice(at + 1)} ${line.slice(0, at)}`;
}

/** `Privileges` of a ContainerSpec. */
export function toPrivileges({
  credentialSpec: account,
  selinux,
  seccomp,
  appArmor,
  noNewPrivileges,
}: ServicePrivilegesInput): EngineDocument {
  return present({
    CredentialSpec:
      account && present({ Config: account.config, File: account.file, Registry: account.registry }),
    SELinuxContext:
      selinux &&
      present({
        Disable: selinux.disable,
        User: selinux.user,
        Role: selinux.role,
        Type: selinux.type,
        Level: selinux.level,
      }),
    Seccomp:
      seccomp &&
      present({
        Mode: seccomp.mode,
        // The engine's own type for it is bytes, which its JSON has in Base64.
        Profile: seccomp.profile === undefined ? undefined : Buffer.from(seccomp.profile).toString('base64'),
      }),
    AppArmor: appArmor === undefined ? undefined : { Mode: appArmor },
    NoNewPrivileges: noNewPrivileges,
  });
}

/** `Resources` of a TaskSpec. */
export function toTaskResources({
  limits,
  reservations,
  swapBytes,
  memorySwappiness,
}: TaskResourcesInput): EngineDocument {
  return present({
    Limits: limits && present({ NanoCPUs: limits.nanoCpus, MemoryBytes: limits.memory, Pids: limits.pids }),
    Reservations:
      reservations &&
      present({
        NanoCPUs: reservations.nanoCpus,
        MemoryBytes: reservations.memory,
        GenericResources: reservations.genericResources?.map(({ kind, count, name }) =>
          name === undefined
            ? { DiscreteResourceSpec: { Kind: kind, Value: count } }
            : { NamedResourceSpec: { Kind: kind, Value: name } },
        ),
      }),
    SwapBytes: swapBytes,
    MemorySwappiness: memorySwappiness,
  });
}
