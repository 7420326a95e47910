import { messageOf } from '../common/errors.js';

/** Why a server does not listen where a setting says, in a line for who set it. */
export class CannotListen extends Error {}

/** What they mean to who chose the address. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the host is not found for now',
};

/**
 * @param setting that says where
 * @throws CannotListen
 */
export async function listenBySetting<T>(
  setting: string,
  { host, port }: { readonly host: string; readonly port: number },
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error);
    throw new CannotListen(`Can't listen on ${where}: ${reason}. To listen elsewhere, set ${setting}.`, {
      cause: error,
    });
  }
}
