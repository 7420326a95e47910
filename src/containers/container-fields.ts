import { InText } from '../common/input-fields.js';

/** Input fields that several inputs of containers have, each with its bounds and pattern stated once. */

/** The input field of a name to give to a container, as the Engine API has names. */
export const InContainerName = (description: string, { optional = false } = {}): PropertyDecorator =>
  InText({
    description,
    max: 255,
    min: 2,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
    patternHint: 'a container name: letters, digits, "_", "." and "-", at least two',
    optional,
    example: 'web',
  });

/** The input field of environment variables. */
export const InEnvironment = (description: string): PropertyDecorator =>
  InText({
    description,
    max: 131_072,
    min: 1,
    multiline: true,
    pattern: /^[^=]+(=[\s\S]*)?$/,
    patternHint: 'NAME=value or NAME',
    list: { max: 4_096 },
    optional: true,
    example: ['LOG_LEVEL=info'],
  });

/** The input field of the user that a process runs as. */
export const InUser = (description: string): PropertyDecorator =>
  InText({
    description: `${description} Name or number, with \`:group\` where wanted.`,
    max: 255,
    pattern: /^[^\s:]*(:[^\s:]+)?$/,
    patternHint: 'a user, or user:group',
    optional: true,
    example: '1000:1000',
  });

/** The input field of an image's reference. */
export const InImageReference = (description: string, { optional = false } = {}): PropertyDecorator =>
  InText({
    description,
    optional,
    max: 512,
    min: 1,
    pattern: /^[a-zA-Z0-9[][a-zA-Z0-9._:/@+[\]-]*$/,
    patternHint: 'an image: name, name:tag, name@digest or an id',
    example: 'nginx:1.27',
  });

/** The input field of a MAC address. */
export const InMacAddress = (description: string): PropertyDecorator =>
  InText({
    description,
    max: 17,
    pattern: /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/,
    patternHint: 'a MAC address',
    optional: true,
    example: '02:42:ac:11:00:02',
  });

/** The input field of a signal: its name with or without `SIG`, or its number from 1 to 64. */
export const InSignal = (description: string): PropertyDecorator =>
  InText({
    description,
    max: 16,
    pattern:
      /^((SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL|PWR|SYS|UNUSED|RTMIN(\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?)|[1-9]|[1-5]\d|6[0-4])$/,
    patternHint: 'a signal, such as SIGTERM or 15',
    optional: true,
    example: 'SIGTERM',
  });

/** The input field of the keys that detach a client from a terminal. */
export const InDetachKeys = (): PropertyDecorator =>
  InText({
    description: 'The keys that detach, instead of `ctrl-p,ctrl-q`: letters or `ctrl-` and a key, by commas.',
    max: 64,
    pattern: /^([a-zA-Z]|ctrl-[a-zA-Z@[\\\]^_,])(,([a-zA-Z]|ctrl-[a-zA-Z@[\\\]^_,]))*$/,
    patternHint: 'keys such as ctrl-p,ctrl-q',
    optional: true,
    example: 'ctrl-p,ctrl-q',
  });
