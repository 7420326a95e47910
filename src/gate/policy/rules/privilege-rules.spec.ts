import { describeRules, host, type Body } from './testing.js';
import { PRIVILEGE_RULES } from './privilege-rules.js';

const securityOpt = (...options: string[]): Body => ({ HostConfig: { SecurityOpt: options } });

describeRules(PRIVILEGE_RULES, {
  privilegedContainers: {
    passes: [host({ Privileged: false }), host({ Privileged: null })],
    refuses: [host({ Privileged: true })],
  },
  capabilities: {
    passes: [
      host({ CapAdd: ['NET_BIND_SERVICE', 'CAP_CHOWN', 'cap_kill', 'net_raw'] }),
      host({ CapDrop: ['SYS_ADMIN'] }),
    ],
    refuses: [
      'SYS_ADMIN',
      'CAP_SYS_ADMIN',
      'cap_sys_admin',
      'sys_ptrace',
      'ALL',
      'all',
      'CAP_ALL',
      'NET_ADMIN',
      'CAP_CAP_CHOWN',
      ' CHOWN',
      '',
      '\u017fYS_ADMIN',
      '\u017fETUID',
    ].map((name) => host({ CapAdd: ['CHOWN', name] })),
  },
  restrictedCapabilities: {
    passes: [host({ CapDrop: ['ALL'] }), host({ CapDrop: ['all'], CapAdd: ['CAP_NET_BIND_SERVICE'] })],
    refuses: [
      host({}),
      host({ CapDrop: ['NET_RAW', 'CHOWN'] }),
      host({ CapDrop: ['ALL '] }),
      host({ CapDrop: ['CAP_ALL'] }),
      host({ CapDrop: ['ALL'], CapAdd: ['CHOWN'] }),
    ],
  },
  privilegeEscalation: {
    passes: [
      'no-new-privileges',
      'no-new-privileges=true',
      'no-new-privileges:true',
      'no-new-privileges=1',
    ].map((o) => securityOpt(o)),
    refuses: [
      host({}),
      securityOpt('no-new-privileges=false'),
      securityOpt('no-new-privileges', 'no-new-privileges=false'),
      securityOpt('no-new-privileges=yes'),
      securityOpt('No-New-Privileges'),
    ],
  },
  runAsNonRoot: {
    passes: ['1', '1000', '1000:1000', '65534:nogroup', '1000:0'].map((User) => ({ User })),
    refuses: [
      '',
      '0',
      '00',
      '0:1000',
      'root',
      'nobody',
      '+1',
      '-1',
      ' 1',
      '1 ',
      '0x1',
      ':1000',
      '1e3',
      '1\n0',
    ].map((User) => ({ User })),
  },
  seccomp: {
    passes: [securityOpt('seccomp=builtin'), securityOpt('seccomp=')],
    refuses: [
      securityOpt('seccomp=unconfined'),
      securityOpt('seccomp:unconfined'),
      securityOpt('seccomp=unconfined', 'seccomp=builtin'),
      securityOpt('seccomp=Unconfined'),
      securityOpt('seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'),
      securityOpt('seccomp=/etc/profile.json'),
    ],
  },
  appArmor: {
    passes: [securityOpt('apparmor=docker-default')],
    refuses: [
      'apparmor=unconfined',
      'apparmor:unconfined',
      'apparmor=chrome',
      'apparmor=docker-default ',
    ].map((o) => securityOpt(o)),
  },
  seLinux: {
    passes: ['label=type:container_t', 'label:level:s0:c1,c2', 'label=level:s0'].map((o) => securityOpt(o)),
    refuses: [
      'label=disable',
      'label:disable',
      'disable',
      'label=type:spc_t',
      'label=user:system_u',
      'label=role:sysadm_r',
      'label=filetype:etc_t',
      'label=nested',
      'label=type:container_t,disable',
    ].map((o) => securityOpt(o)),
  },
  securityOptions: {
    passes: [host({ SecurityOpt: [] })],
    refuses: [
      'systempaths=unconfined',
      'writable-cgroups=true',
      'credentialspec=file://spec.json',
      'SECCOMP=unconfined',
      'seccomp',
      'label:type=container_t',
      ' seccomp=unconfined',
      '',
    ].map((o) => securityOpt(o)),
  },
  maskedPaths: {
    passes: [
      host({ MaskedPaths: null, ReadonlyPaths: null }),
      host({
        ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger', '/data'],
      }),
    ],
    refuses: [
      host({ MaskedPaths: [] }),
      host({ ReadonlyPaths: [] }),
      host({ MaskedPaths: ['/proc/kcore'] }),
      host({ ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys/', '/proc/sysrq-trigger'] }),
    ],
  },
  sysctls: {
    passes: [
      host({ Sysctls: { 'net.ipv4.ip_unprivileged_port_start': '0', 'kernel.shm_rmid_forced': '1' } }),
    ],
    refuses: [
      'kernel.core_pattern',
      'net.ipv4.ip_forward',
      'kernel.msgmax',
      'net/ipv4/tcp_syncookies',
      'NET.ipv4.tcp_syncookies',
      '',
    ].map((name) => host({ Sysctls: { [name]: '1' } })),
  },
});
