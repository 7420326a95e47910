import { InText } from '../common/input-fields.js';
import { PROCESS_ARGUMENTS, PROCESS_COLUMNS } from '../common/process-columns.js';

/** The input field of the arguments of ps(1). */
export const InProcessColumns = (): PropertyDecorator =>
  InText({
    description: `What to tell of each process, as arguments of ps(1): \`-ef\` (default), \`aux\`, or \`-o\` with columns of: ${PROCESS_COLUMNS.join(', ')}. The columns must include pid.`,
    max: 256,
    pattern: PROCESS_ARGUMENTS,
    patternHint: '-ef, aux, or -o with known columns',
    optional: true,
    fromText: true,
    example: '-o pid,user,pcpu,rss,args',
  });
