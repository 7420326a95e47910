/** The part of a request that carries credentials for a registry, where there are some. */
export function registryAuth(header: string | undefined): {
  readonly headers?: Readonly<Record<string, string>>;
} {
  return header === undefined ? {} : { headers: { 'X-Registry-Auth': header } };
}
