import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InText } from '../common/input-fields.js';

const CONTAINER = 'container:[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}';

/** The input field of a namespace that takes one of `modes`, or the namespace of another container. */
const InNamespace = (description: string, modes: readonly string[]): PropertyDecorator =>
  InText({
    description: `${description} ${[...modes, 'container:<id or name>'].map((mode) => `\`${mode}\``).join(', ')}.`,
    max: 266,
    pattern: new RegExp(`^(${[...modes, CONTAINER].join('|')})$`),
    patternHint: `one of: ${[...modes, 'container:<id or name>'].join(', ')}`,
    optional: true,
  });

const CAPABILITY = {
  max: 40,
  pattern: /^[A-Za-z][A-Za-z_]{1,39}$/,
  patternHint: 'the name of a capability, such as NET_ADMIN, or ALL',
  list: { max: 64 },
  optional: true,
} as const;

const PATHS = {
  max: 4_096,
  min: 1,
  pattern: /^\/.*$/,
  patternHint: 'an absolute path',
  list: { max: 256 },
  optional: true,
} as const;

@InputType({
  description:
    'Which namespaces the container has to itself, and which it shares with the host or another container.',
})
export class NamespacesInput {
  @InNamespace('Processes (`PidMode`).', ['host'])
  pid?: string;

  @InNamespace('Shared memory and message queues (`IpcMode`).', ['none', 'private', 'shareable', 'host'])
  ipc?: string;

  @InNamespace(
    'The network (`NetworkMode`). Default: the first of `networks`, or else the default network of the engine. One of:',
    ['default', 'bridge', 'host', 'none'],
  )
  network?: string;

  @InChoice({
    description: 'Host name: `host` for that of the host (`UTSMode`).',
    values: ['host'],
    optional: true,
  })
  uts?: string;

  @InChoice({
    description:
      "Users: `host` where the engine would else map the container's users to others (`UsernsMode`).",
    values: ['host'],
    optional: true,
  })
  userns?: string;

  @InChoice({
    description: 'The view of the cgroups (`CgroupnsMode`). Default: as the engine is configured.',
    values: ['private', 'host'],
    optional: true,
  })
  cgroupns?: string;

  @InNamespace('The cgroup (`Cgroup`).', [])
  cgroup?: string;
}

@InputType({ description: 'What the processes in the container may do.' })
export class SecurityInput {
  @InBoolean({
    description: 'Whether the container has full access to the host (`Privileged`).',
    optional: true,
  })
  privileged?: boolean;

  @InText({
    description: 'Kernel capabilities to add (`CapAdd`).',
    ...CAPABILITY,
    example: ['NET_BIND_SERVICE'],
  })
  capAdd?: string[];

  @InText({ description: 'Kernel capabilities to take away (`CapDrop`).', ...CAPABILITY, example: ['ALL'] })
  capDrop?: string[];

  @InText({
    description:
      'Options of the security modules (`SecurityOpt`), such as `no-new-privileges`, `apparmor=…`, `label=…` or `seccomp=` with a whole profile.',
    max: 262_144,
    min: 1,
    multiline: true,
    list: { max: 32 },
    optional: true,
    example: ['no-new-privileges'],
  })
  securityOptions?: string[];

  @InBoolean({ description: "Whether the image's files are read-only (`ReadonlyRootfs`).", optional: true })
  readOnlyRootFilesystem?: boolean;

  @InText({ description: 'Paths to hide, instead of those the engine hides (`MaskedPaths`).', ...PATHS })
  maskedPaths?: string[];

  @InText({
    description: 'Paths to make read-only, instead of those of the engine (`ReadonlyPaths`).',
    ...PATHS,
  })
  readonlyPaths?: string[];
}
