/**
 * The largest head of a request, in bytes: Node's own limit is a quarter of that. Docker's clients send the credentials of all their
 * registries with a build, and all its arguments in the query; an engine takes a megabyte.
 */
export const MAX_HEAD_BYTES = 64 * 1024;
