import { isIP } from 'node:net';
import { isLoopback } from '../config/loopback.js';
import type { Settings } from '../config/settings.js';

/**
 * Whether a request with this `Host` header is meant for us. By DNS rebinding a web page makes its own name lead here, and would
 * then be of our origin; that takes a name, so addresses are always ours, as is `localhost`. Other names: those of the
 * settings; where there are none, any, unless we listen on a loopback address only.
 */
export function isOurHost({ allowedHosts, listen }: Settings, header: string | undefined): boolean {
  if (header === undefined) return true; // No browser leaves it out.
  const host = hostOf(header);
  if (host === undefined) return false;
  if (isIP(host) !== 0 || isLoopback(host)) return true;
  if (allowedHosts.length === 0) return !isLoopback(listen.host);
  return allowedHosts.includes('*') || allowedHosts.includes(host);
}

/** The name or address in a `Host` header, without its port; undefined for what is neither. */
function hostOf(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s/]+))(?::\d{0,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
}
