/** Where hooks are: outside the API, since who calls them has no part in it. */
export const HOOKS_PATH = 'hooks';

const TOKEN = /dmh_[A-Za-z0-9_-]*/g;

/** Whether a request is for a hook. */
export function isHookUrl(url: string): boolean {
  return url.startsWith(`/${HOOKS_PATH}/`);
}

/** The path of a request as it may be written down: a hook's token, which is a part of its address, is a secret. */
export function pathForLog(url: string): string | undefined {
  const path = url.split('?', 1)[0];
  const shown =
    path !== undefined && isHookUrl(path) ? path.replace(/^\/hooks\/[^/]+/, `/${HOOKS_PATH}/…`) : path;
  return shown?.replace(TOKEN, 'dmh_…').slice(0, 200);
}
