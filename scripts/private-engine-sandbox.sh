#!/usr/bin/env bash
# The sandbox of one private engine: process, mount, host name, IPC and (unless it shares the host's) network namespaces.
#
#   private-engine-sandbox.sh RUNTIME_DIRECTORY NAME CGROUP CGROUP_VERSION NETWORK LIFETIME HOME
#
#   RUNTIME_DIRECTORY  scratch space of this run; removed at the end
#   NAME               host name inside, and so the engine's name
#   CGROUP             name of the cgroup that the engine puts its containers under; removed at the end
#   CGROUP_VERSION     host: as the host has it; 2: version 2 also where the host has version 1 (then without its controllers)
#   NETWORK            private | host
#   LIFETIME           owner: ends when standard input closes, which the kernel sees to however the owner ends
#                      detached: ends only when its init is killed
#   HOME               where the engine keeps its data, in the folder `data`
#
# Prints one line when ready: the id of the init process as seen from outside, then what works inside. When init ends, the
# kernel ends every process in the sandbox and drops every mount; what the kernel does not clear up is cleared up here.
set -uo pipefail
export PATH="$PATH:/usr/sbin:/sbin"
runtime=$1 name=$2 cgroup=$3 cgroup_version=$4 network=$5 lifetime=$6 home=$7 role=${8:-outside}

# --- inside: this shell is process 1 of the sandbox and the parent of whatever is orphaned there ---

can_mount_overlay() {
  mkdir -p "$runtime"/probe/{lower,upper,work,merged}
  mount -n -t overlay overlay "$runtime/probe/merged" \
    -o "lowerdir=$runtime/probe/lower,upperdir=$runtime/probe/upper,workdir=$runtime/probe/work" 2>/dev/null &&
    umount -n "$runtime/probe/merged"
}

inside() {
  set -e
  local pid dns dns_file overlay=no iptables=no
  read -r pid _ </proc/self/stat # this is still the outer /proc: our id as the owner knows it

  # An empty /run keeps every well-known path (docker.sock, containerd, plugins, shims) apart from the host's.
  dns_file=$(readlink -f /etc/resolv.conf || true)
  dns=$(cat /etc/resolv.conf 2>/dev/null || true)
  mount -n -t tmpfs -o mode=755 tmpfs /run
  mkdir /run/lock
  if [[ $dns_file == /run/* ]]; then
    mkdir -p "${dns_file%/*}"
    printf '%s\n' "$dns" >"$dns_file"
  fi
  mount -n -t proc proc /proc
  mkdir -p "$runtime/etc"
  [[ ! -d /etc/docker ]] || mount -n --bind "$runtime/etc" /etc/docker # no settings, no identity of another engine
  echo "$name" >/proc/sys/kernel/hostname
  [[ $network == host ]] || ip link set lo up 2>/dev/null || busybox ip link set lo up
  if [[ $cgroup_version == 2 ]] || ! grep -q ' /sys/fs/cgroup' /proc/mounts; then
    mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
  fi

  can_mount_overlay && overlay=yes
  iptables -t nat -S >/dev/null 2>&1 && iptables=yes
  if [[ $lifetime == detached ]]; then
    mkfifo /run/never
    exec <>/run/never
  fi
  echo "$pid overlay=$overlay iptables=$iptables"
  exec >/dev/null
  read -r _ || true
}

# --- outside: make the sandbox, wait for its end, clear up ---

# Inside a container with cgroup v2 the group that we see as the root holds processes, and such a group may not hand
# controllers to its children. Those processes move to a leaf of their own.
delegate_cgroup_controllers() {
  local root=/sys/fs/cgroup wanted process processes
  [[ -f $root/cgroup.controllers && -f $root/cgroup.type ]] || return 0
  wanted=$(sed 's/[^ ]\+/+&/g' "$root/cgroup.controllers")
  for _ in {1..5}; do # again while processes start others
    echo "$wanted" 2>/dev/null >"$root/cgroup.subtree_control" && return 0
    mkdir -p "$root/init"
    mapfile -t processes <"$root/cgroup.procs"
    for process in "${processes[@]}"; do
      echo "$process" 2>/dev/null >"$root/init/cgroup.procs" || true # it may have ended meanwhile
    done
  done
  echo 'the cgroup controllers cannot be handed to the engine' >&2
}

bridges() { # with the names that engines give: the default one, one for each network, and that of swarms
  local path
  for path in /sys/class/net/{docker0,docker_gwbridge,br-*}; do
    [[ -d $path/bridge ]] && echo "${path##*/}"
  done
}

own_bridges() { # those of them that this engine has written down as its own
  grep -aoE 'br-[0-9a-f]{12}|docker0|docker_gwbridge' "$home/data/network/files/local-kv.db" 2>/dev/null | sort -u
}

another_engine() { # on this network: docker0 and the chains of the firewall are then as much its
  local comm
  for comm in /proc/[0-9]*/comm; do
    [[ $(cat "$comm" 2>/dev/null) == dockerd ]] || continue
    [[ $(readlink "${comm%comm}ns/net") == "$(readlink /proc/self/ns/net)" ]] && return 0
  done
  return 1
}

remove_cgroups() {
  for _ in {1..40}; do
    find /sys/fs/cgroup -depth -type d \( -name "$cgroup" -o -path "*/$cgroup/*" \) -exec rmdir {} + 2>/dev/null
    [[ -z $(find /sys/fs/cgroup -type d -name "$cgroup" -print -quit) ]] && return
    sleep 0.05 # a group is busy for a moment after its last process
  done
  echo "could not remove the cgroup $cgroup" >&2
}

remove_firewall_rules() { # of an engine on the host's network: its chains, and the rules that mention them or these bridges
  local tool table rule names=''
  (($# == 0)) || names=$(printf '|%s' "$@")
  for tool in iptables ip6tables; do
    for table in nat filter raw; do
      "$tool" -t "$table" -S 2>/dev/null | grep -E '^-A' | grep -E " (DOCKER[A-Z0-9-]*$names)( |\$)" |
        while read -r rule; do xargs "$tool" -t "$table" -D <<<"${rule#-A }"; done
      "$tool" -t "$table" -S 2>/dev/null | sed -n 's/^-N \(DOCKER[A-Z0-9-]*\)$/\1/p' |
        while read -r rule; do "$tool" -t "$table" -X "$rule"; done
    done
  done
}

outside() {
  local own_network=(--net) before='' forwarding='' policy='' firewall='' own=() bridge
  delegate_cgroup_controllers
  if [[ $network == host ]]; then
    own_network=()
    before=$(bridges)
    forwarding=$(cat /proc/sys/net/ipv4/ip_forward)
    policy=$(iptables -S FORWARD 2>/dev/null | sed -n 's/^-P FORWARD //p')
    firewall=$({ iptables -S && iptables -t nat -S; } 2>/dev/null | grep -c DOCKER)
  fi

  unshare --fork --kill-child --pid --mount --propagation slave --uts --ipc "${own_network[@]}" \
    bash "$0" "$runtime" "$name" "$cgroup" "$cgroup_version" "$network" "$lifetime" "$home" inside

  remove_cgroups
  if [[ $network == host ]] && ! another_engine; then
    mapfile -t own < <(comm -12 <(own_bridges) <(bridges | grep -vxF "${before:-none}" | sort -u))
    for bridge in "${own[@]}"; do ip link delete "$bridge"; done
    if [[ $firewall == 0 ]]; then
      remove_firewall_rules "${own[@]}"
      [[ -z $policy ]] || iptables -P FORWARD "$policy"
      echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
    fi
  fi
  rm -rf --one-file-system "$runtime"
}

"$role"
