import { InText } from '../common/input-fields.js';

/**
 * Columns of ps(1) that may be asked for. ps runs on the host as root and can print each process' environment
 * (`environ`, or the bare option `e`); those and columns with white space in them are not in the list.
 */
const COLUMNS = [
  ...['pid', 'ppid', 'pgid', 'sid', 'tty', 'stat', 'state', 'cls', 'pri', 'ni', 'nlwp', 'psr', 'wchan'],
  ...['user', 'uid', 'euser', 'ruser', 'group', 'gid', 'egroup', 'rgroup'],
  ...['%cpu', 'pcpu', '%mem', 'pmem', 'rss', 'vsz', 'sz', 'time', 'etime', 'etimes', 'stime'],
  ...['comm', 'args', 'cmd', 'command'],
];
const COLUMN = `(${COLUMNS.join('|')})`;

/** The input field of the arguments of ps(1): a few common sets, or columns by `-o` and `-eo`. */
export const InProcessColumns = (): PropertyDecorator =>
  InText({
    description: `What to tell of each process, as arguments of ps(1): \`-ef\` (default), \`aux\`, or \`-o\` with columns of: ${COLUMNS.join(', ')}. The columns must include pid.`,
    max: 256,
    pattern: new RegExp(`^(-ef|-e|-f|aux|-e?o ${COLUMN}(,${COLUMN}){0,31})$`),
    patternHint: '-ef, aux, or -o with known columns',
    optional: true,
    fromText: true,
    example: '-o pid,user,pcpu,rss,args',
  });
