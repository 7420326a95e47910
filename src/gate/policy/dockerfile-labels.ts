/** Escape characters of a Dockerfile (a directive may choose the backtick) and quotes: they go before a name is read. */
const UNREAD = /[\\`"']/g;
const SETS_LABELS = /^\s*(?:onbuild\s+)*label\s/i;
/** A comment, which may also stand between the lines of one instruction. */
const COMMENT = /^[^\S\n\r\u2028\u2029]*#.*$/gm;
const CONTINUATION = /[\\`][ \t]*\n\s*/g;

/**
 * Whether instructions of a Dockerfile set labels that start with `prefix`, or labels whose name can't be known from here.
 * Says yes in doubt: a name may be quoted, escaped, spread over lines or put together of variables.
 *
 * @param prefix in lower case
 */
export function setsLabelsUnder(prefix: string, instructions: string): boolean {
  const lines = instructions
    .replace(COMMENT, '')
    .replace(/\n\s*(?=\n)/g, '')
    .replace(CONTINUATION, '')
    .split('\n');
  return (
    instructions.toLowerCase().includes(prefix) ||
    lines.some((line) => {
      const read = line.replace(UNREAD, '');
      return SETS_LABELS.test(read) && (read.toLowerCase().includes(prefix) || hasVariableName(read));
    })
  );
}

/** `LABEL $a=b`, `LABEL a=b ${c}d=e`, and the old form `LABEL $a b`. */
function hasVariableName(line: string): boolean {
  const words = line.replace(SETS_LABELS, '').trim().split(/\s+/);
  return words.some((word, index) =>
    (index === 0 || word.includes('=') ? word : '').split('=', 1)[0]?.includes('$'),
  );
}
