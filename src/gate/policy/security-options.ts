import type { SecurityOptions } from './container-spec.js';

// strconv.ParseBool's spellings of true, which the engine uses; whatever else is false here
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];

/** `HostConfig.SecurityOpt` as the engine takes it apart: at the first `=`, or else at the first `:` (deprecated). */
export function parseSecurityOptions(options: readonly string[]): SecurityOptions {
  const parsed: SecurityOptions = {
    seccomp: [],
    appArmor: [],
    labels: [],
    noNewPrivileges: false,
    unknown: [],
  };
  const noNewPrivileges: boolean[] = [];
  for (const option of options) {
    const [key, value] = split(option);
    if (option === 'no-new-privileges') noNewPrivileges.push(true);
    else if (option === 'disable') parsed.labels.push('disable');
    else if (value === undefined) parsed.unknown.push(option);
    else if (key === 'no-new-privileges') noNewPrivileges.push(TRUE.includes(value));
    else if (key === 'seccomp') parsed.seccomp.push(value);
    else if (key === 'apparmor') parsed.appArmor.push(value);
    else if (key === 'label') parsed.labels.push(value);
    else parsed.unknown.push(option);
  }
  parsed.noNewPrivileges = noNewPrivileges.length > 0 && noNewPrivileges.every(Boolean);
  return parsed;
}

function split(option: string): [key: string, value: string | undefined] {
  const at = option.includes('=') ? option.indexOf('=') : option.indexOf(':');
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}
