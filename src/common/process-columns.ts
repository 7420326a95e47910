/**
 * Columns of ps(1) that may be asked for. ps runs on the host as root and can print each process' environment
 * (`environ`, or the bare option `e`); those and columns with white space in them are not in the list.
 */
export const PROCESS_COLUMNS = [
  ...['pid', 'ppid', 'pgid', 'sid', 'tty', 'stat', 'state', 'cls', 'pri', 'ni', 'nlwp', 'psr', 'wchan'],
  ...['user', 'uid', 'euser', 'ruser', 'group', 'gid', 'egroup', 'rgroup'],
  ...['%cpu', 'pcpu', '%mem', 'pmem', 'rss', 'vsz', 'sz', 'time', 'etime', 'etimes', 'stime'],
  ...['comm', 'args', 'cmd', 'command'],
] as const;

const COLUMN = `(${PROCESS_COLUMNS.join('|')})`;

/**
 * The arguments of ps(1) by which the engine finds the container's own processes: a few common sets, or columns by `-o` and `-eo`.
 * By others, ps gives a column the title that the engine looks for, and it shows processes of the host.
 */
export const PROCESS_ARGUMENTS = new RegExp(`^(-ef|-e|-f|aux|-e?o ${COLUMN}(,${COLUMN}){0,31})$`);
