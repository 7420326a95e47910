/** SQLite's extended result code, and PostgreSQL's SQLSTATE. */
const FOREIGN_KEY_VIOLATIONS: ReadonlySet<unknown> = new Set(['SQLITE_CONSTRAINT_FOREIGNKEY', '23503']);

/** Whether a statement failed because a row that it refers to is not there (any more). */
export function isForeignKeyViolation(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && FOREIGN_KEY_VIOLATIONS.has(error.code)
  );
}
