import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './ports.js';

/** Claims by subject. */
export type OidcAccounts = Readonly<
  Record<string, { preferred_username?: string; name?: string; groups?: readonly string[] }>
>;

export const OIDC_CLIENT = { id: 'dockmaster', secret: 'a secret between the two of them' } as const;

export interface OidcProviderOptions {
  readonly redirectUris: readonly string[];
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post';
}

/** A real OpenID provider on loopback, that can be away for a while. */
export class OidcProvider {
  private child: ChildProcess | undefined;
  private accounts: OidcAccounts = {};

  private constructor(
    readonly issuer: string,
    private readonly options: OidcProviderOptions & { port: number },
  ) {}

  static async start(options: OidcProviderOptions, accounts: OidcAccounts): Promise<OidcProvider> {
    const provider = await OidcProvider.away(options, accounts);
    await provider.comeBack();
    return provider;
  }

  /** One that is not there yet. */
  static async away(options: OidcProviderOptions, accounts: OidcAccounts): Promise<OidcProvider> {
    const port = await freePort();
    const provider = new OidcProvider(`http://127.0.0.1:${port}`, { ...options, port });
    provider.accounts = accounts;
    return provider;
  }

  async comeBack(): Promise<void> {
    const script = join(import.meta.dirname, 'openid-provider.mjs');
    const child = fork(script, [JSON.stringify(this.options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child = child;
    await once(child, 'message');
    await this.know(this.accounts);
  }

  /** From now on there are these people. */
  async know(accounts: OidcAccounts): Promise<void> {
    this.accounts = accounts;
    if (!this.child) return;
    const known = once(this.child, 'message');
    this.child.send(accounts);
    await known;
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /**
   * Does what a browser does: follows redirects with cookies, until it is sent away from the provider.
   *
   * @param as the subject that signs in
   * @returns the address that the provider sends the browser to
   */
  async browse(authorizationUrl: string, as: string): Promise<string> {
    const start = new URL(authorizationUrl);
    start.searchParams.set('login_hint', as);
    const cookies = new Map<string, string>();
    let url = start.href;
    for (let hops = 0; hops < 10; hops++) {
      const answer = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (name !== undefined && value !== undefined) cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 500)}`);
      url = new URL(location, url).href;
      if (!url.startsWith(`${this.issuer}/`)) return url;
    }
    throw new Error('too many redirects');
  }
}
