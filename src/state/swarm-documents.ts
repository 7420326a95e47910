/**
 * Objects of a swarm as the engine's lists and inspections tell of them (Engine API, `Service`, `Task`, `Node`, `Secret`,
 * `Config`). Go leaves out what is empty: every part of a spec may be missing.
 */

export interface ObjectVersion {
  /** What an update must name, so that none is lost. */
  readonly Index: number;
}

export interface SwarmObject {
  readonly ID: string;
  readonly Version: ObjectVersion;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

type Labels = Readonly<Record<string, string>>;

export interface GenericResource {
  readonly NamedResourceSpec?: { readonly Kind?: string; readonly Value?: string };
  readonly DiscreteResourceSpec?: { readonly Kind?: string; readonly Value?: number };
}

export interface ServiceMountSpec {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
  readonly Consistency?: string;
  readonly BindOptions?: {
    readonly Propagation?: string;
    readonly NonRecursive?: boolean;
    readonly CreateMountpoint?: boolean;
    readonly ReadOnlyNonRecursive?: boolean;
    readonly ReadOnlyForceRecursive?: boolean;
  };
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean;
    readonly Subpath?: string;
    readonly Labels?: Labels | null;
    readonly DriverConfig?: { readonly Name?: string; readonly Options?: Labels | null } | null;
  };
  readonly TmpfsOptions?: {
    readonly SizeBytes?: number;
    readonly Mode?: number;
    /** Each a name, or a name and a value. */
    readonly Options?: readonly (readonly string[])[] | null;
  };
  readonly ImageOptions?: { readonly Subpath?: string };
}

/** Where the file of a secret or config lies in a container. */
export interface MountedFile {
  readonly Name?: string;
  readonly UID?: string;
  readonly GID?: string;
  /** Unix permission bits. */
  readonly Mode?: number;
}

export interface SecretReference {
  readonly File?: MountedFile;
  readonly SecretID?: string;
  readonly SecretName?: string;
}

export interface ConfigReference {
  readonly File?: MountedFile;
  readonly Runtime?: object;
  readonly ConfigID?: string;
  readonly ConfigName?: string;
}

/** Durations are nanoseconds. */
export interface ServiceHealthCheck {
  readonly Test?: readonly string[] | null;
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly Retries?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
}

export interface ServiceContainerSpec {
  readonly Image?: string;
  readonly Labels?: Labels | null;
  readonly Command?: readonly string[] | null;
  readonly Args?: readonly string[] | null;
  readonly Hostname?: string;
  readonly Env?: readonly string[] | null;
  readonly Dir?: string;
  readonly User?: string;
  readonly Groups?: readonly string[] | null;
  readonly Privileges?: {
    readonly CredentialSpec?: {
      readonly Config?: string;
      readonly File?: string;
      readonly Registry?: string;
    } | null;
    readonly SELinuxContext?: {
      readonly Disable?: boolean;
      readonly User?: string;
      readonly Role?: string;
      readonly Type?: string;
      readonly Level?: string;
    } | null;
    readonly Seccomp?: { readonly Mode?: string; readonly Profile?: string } | null;
    readonly AppArmor?: { readonly Mode?: string } | null;
    readonly NoNewPrivileges?: boolean;
  } | null;
  readonly TTY?: boolean;
  readonly OpenStdin?: boolean;
  readonly ReadOnly?: boolean;
  readonly Mounts?: readonly ServiceMountSpec[] | null;
  readonly StopSignal?: string;
  readonly StopGracePeriod?: number;
  readonly Healthcheck?: ServiceHealthCheck | null;
  readonly Hosts?: readonly string[] | null;
  readonly DNSConfig?: {
    readonly Nameservers?: readonly string[] | null;
    readonly Search?: readonly string[] | null;
    readonly Options?: readonly string[] | null;
  } | null;
  readonly Secrets?: readonly SecretReference[] | null;
  readonly Configs?: readonly ConfigReference[] | null;
  readonly OomScoreAdj?: number;
  readonly Isolation?: string;
  readonly Init?: boolean | null;
  readonly Sysctls?: Labels | null;
  readonly CapabilityAdd?: readonly string[] | null;
  readonly CapabilityDrop?: readonly string[] | null;
  readonly Ulimits?:
    readonly { readonly Name?: string; readonly Soft?: number; readonly Hard?: number }[] | null;
}

export interface NetworkAttachmentConfig {
  /** Name or id. */
  readonly Target?: string;
  readonly Aliases?: readonly string[] | null;
  readonly DriverOpts?: Labels | null;
}

export interface TaskSpec {
  readonly PluginSpec?: object;
  readonly ContainerSpec?: ServiceContainerSpec;
  readonly NetworkAttachmentSpec?: { readonly ContainerID?: string };
  readonly Resources?: {
    readonly Limits?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly Pids?: number;
    } | null;
    readonly Reservations?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly GenericResources?: readonly GenericResource[] | null;
    } | null;
    readonly SwapBytes?: number;
    readonly MemorySwappiness?: number;
  } | null;
  readonly RestartPolicy?: {
    readonly Condition?: string;
    readonly Delay?: number;
    readonly MaxAttempts?: number;
    readonly Window?: number;
  } | null;
  readonly Placement?: {
    readonly Constraints?: readonly string[] | null;
    readonly Preferences?: readonly { readonly Spread?: { readonly SpreadDescriptor?: string } }[] | null;
    readonly MaxReplicas?: number;
    readonly Platforms?: readonly { readonly Architecture?: string; readonly OS?: string }[] | null;
  } | null;
  readonly ForceUpdate?: number;
  readonly Runtime?: string;
  readonly Networks?: readonly NetworkAttachmentConfig[] | null;
  readonly LogDriver?: { readonly Name?: string; readonly Options?: Labels | null } | null;
}

export interface ServiceUpdateConfig {
  readonly Parallelism?: number;
  readonly Delay?: number;
  readonly FailureAction?: string;
  readonly Monitor?: number;
  readonly MaxFailureRatio?: number;
  readonly Order?: string;
}

export interface ServicePort {
  readonly Name?: string;
  readonly Protocol?: string;
  readonly TargetPort?: number;
  readonly PublishedPort?: number;
  readonly PublishMode?: string;
}

export interface ServiceSpec {
  readonly Name?: string;
  readonly Labels?: Labels | null;
  readonly TaskTemplate?: TaskSpec;
  readonly Mode?: {
    readonly Replicated?: { readonly Replicas?: number } | null;
    readonly Global?: object | null;
    readonly ReplicatedJob?: { readonly MaxConcurrent?: number; readonly TotalCompletions?: number } | null;
    readonly GlobalJob?: object | null;
  };
  readonly UpdateConfig?: ServiceUpdateConfig | null;
  readonly RollbackConfig?: ServiceUpdateConfig | null;
  /** Where older clients put them; the engine moves them into the task template. */
  readonly Networks?: readonly NetworkAttachmentConfig[] | null;
  readonly EndpointSpec?: { readonly Mode?: string; readonly Ports?: readonly ServicePort[] | null } | null;
}

/** ServiceInspect, ServiceList. */
export interface ServiceDocument extends SwarmObject {
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec | null;
  readonly Endpoint?: {
    readonly Spec?: ServiceSpec['EndpointSpec'];
    readonly Ports?: readonly ServicePort[] | null;
    readonly VirtualIPs?: readonly { readonly NetworkID?: string; readonly Addr?: string }[] | null;
  };
  readonly UpdateStatus?: {
    /** updating, paused, completed, rollback_started, rollback_paused, rollback_completed. */
    readonly State?: string;
    readonly StartedAt?: string;
    readonly CompletedAt?: string;
    readonly Message?: string;
  } | null;
  readonly JobStatus?: { readonly JobIteration?: ObjectVersion; readonly LastExecution?: string } | null;
}

/** TaskInspect, TaskList. */
export interface TaskDocument extends SwarmObject {
  readonly Name?: string;
  readonly Labels?: Labels | null;
  readonly Spec: TaskSpec;
  readonly ServiceID?: string;
  /** The replica's number; 0 or missing for tasks of global services. */
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly Status?: {
    readonly Timestamp?: string;
    /** new, allocated, pending, assigned, accepted, preparing, ready, starting, running, complete, shutdown, failed, … */
    readonly State?: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: {
      readonly ContainerID?: string;
      readonly PID?: number;
      readonly ExitCode?: number;
    } | null;
    readonly PortStatus?: { readonly Ports?: readonly ServicePort[] | null } | null;
  };
  readonly DesiredState?: string;
  readonly NetworksAttachments?:
    | readonly {
        readonly Network?: { readonly ID?: string; readonly Spec?: { readonly Name?: string } };
        readonly Addresses?: readonly string[] | null;
      }[]
    | null;
  readonly JobIteration?: ObjectVersion | null;
}

/** NodeInspect, NodeList. */
export interface NodeDocument extends SwarmObject {
  readonly Spec: {
    readonly Name?: string;
    readonly Labels?: Labels | null;
    /** worker or manager. */
    readonly Role?: string;
    /** active, pause or drain. */
    readonly Availability?: string;
  };
  readonly Description?: {
    readonly Hostname?: string;
    readonly Platform?: { readonly Architecture?: string; readonly OS?: string };
    readonly Resources?: {
      readonly NanoCPUs?: number;
      readonly MemoryBytes?: number;
      readonly GenericResources?: readonly GenericResource[] | null;
    };
    readonly Engine?: {
      readonly EngineVersion?: string;
      readonly Labels?: Labels | null;
      readonly Plugins?: readonly { readonly Type?: string; readonly Name?: string }[] | null;
    };
    readonly TLSInfo?: object;
  };
  readonly Status?: {
    /** unknown, down, ready or disconnected. */
    readonly State?: string;
    readonly Message?: string;
    readonly Addr?: string;
  };
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    /** unknown, unreachable or reachable. */
    readonly Reachability?: string;
    readonly Addr?: string;
  } | null;
}

/** SecretInspect, SecretList: never with the data. */
export interface SecretDocument extends SwarmObject {
  readonly Spec: {
    readonly Name?: string;
    readonly Labels?: Labels | null;
    readonly Driver?: { readonly Name?: string; readonly Options?: Labels | null } | null;
    readonly Templating?: { readonly Name?: string; readonly Options?: Labels | null } | null;
  };
}

/** ConfigInspect, ConfigList. */
export interface ConfigDocument extends SwarmObject {
  readonly Spec: {
    readonly Name?: string;
    readonly Labels?: Labels | null;
    /** Base64. */
    readonly Data?: string;
    readonly Templating?: { readonly Name?: string; readonly Options?: Labels | null } | null;
  };
}
