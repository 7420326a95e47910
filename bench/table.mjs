/** Tables for people to read. */

/**
 * @typedef {object} Column
 * @property {string} key of each row
 * @property {string} title
 * @property {number} [digits] after the point, for numbers
 * @property {number} [scale] what numbers are multiplied with
 *
 * @typedef {object} Table
 * @property {string} title
 * @property {Column[]} columns
 * @property {Record<string, string | number | undefined>[]} rows in basic units: seconds of CPU, bytes, milliseconds
 */

/** @param {Table} table */
export function formatTable({ title, columns, rows }) {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => format(row[column.key], column))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index].length)));
  const lines = cells.map((line) =>
    line
      .map((cell, index) =>
        columns[index].digits === undefined ? cell.padEnd(widths[index]) : cell.padStart(widths[index]),
      )
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function format(value, { digits, scale = 1 }) {
  if (value === undefined) return '-';
  return typeof value === 'number' ? (value * scale).toFixed(digits ?? 0) : value;
}
