#!/bin/sh
# A host's power supply: stands beside it from power-on to power-off, and begins anew when it reboots.
#
#   power.sh on DIR               in the host's network name space; a session of its own
#   power.sh board DIR            in its other name spaces: the first half of PID 1
#   power.sh init DIR             with its cgroups as roots: the second half, which becomes systemd
#   power.sh run DIR PID CMD...   a command inside
#
# DIR has: root (the mounted root file system), disk/, cgroups (lines "type|mount point|options|the host's own cgroup"),
# shown (lines "source|target"). It writes: power and init (process, start time), boot_id.
set -eu
verb=$1 dir=$2
shift 2

# The process that this shell is, as the mounted /proc counts, and when it began (proc(5)).
identify() {
    read -r stat </proc/self/stat
    pid=${stat%% *}
    set -- ${stat##*) }
    me="$pid ${20}"
}

join_cgroups() {
    while IFS='|' read -r _ _ _ own; do
        [ ! -d "$own/$1" ] || own=$own/$1
        echo 0 >"$own/cgroup.procs"
    done <"$dir/cgroups"
}

on() {
    identify
    echo "$me" >"$dir/power"
    while :; do
        umount "$dir/root/run" 2>/dev/null || :
        mount -t tmpfs -o mode=755,nosuid,nodev run "$dir/root/run"
        code=0
        unshare --mount --uts --ipc --pid --fork --kill-child "$0" board "$dir" || code=$?
        rm -f "$dir/init"
        # Its PID 1 ended by SIGHUP: reboot(2) in a PID name space says so.
        [ $code = 129 ] || break
    done
    rm -f "$dir/power"
}

devices() {
    mount -t tmpfs -o mode=755,nosuid dev dev
    while read -r name major minor; do
        mknod -m 666 "dev/$name" c "$major" "$minor"
    done <<-LIST
		null 1 3
		zero 1 5
		full 1 7
		random 1 8
		urandom 1 9
		tty 5 0
	LIST
    [ ! -e /dev/fuse ] || mknod -m 666 dev/fuse c 10 229
    mkdir dev/pts dev/shm dev/mqueue
    mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
    mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
    mount -t mqueue mqueue dev/mqueue
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    for fd in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${fd%:*}" "dev/${fd#*:}"; done
}

# What the kernel has only one of is shown read-only; a boot id is the host's own.
processes() {
    mount -t proc -o nosuid,nodev,noexec proc proc
    mount --bind proc/sys proc/sys
    mount --bind proc/sys/net proc/sys/net
    mount -o remount,bind,ro proc/sys
    cat proc/sys/kernel/random/uuid >"$dir/boot_id"
    mount --bind "$dir/boot_id" proc/sys/kernel/random/boot_id
    mount -o remount,bind,ro proc/sys/kernel/random/boot_id
    [ ! -e proc/sysrq-trigger ] || {
        mount --bind proc/sysrq-trigger proc/sysrq-trigger
        mount -o remount,bind,ro proc/sysrq-trigger
    }
}

board() {
    identify
    join_cgroups none
    cd "$dir/root"
    processes
    devices
    for engine in docker containerd containers; do
        mkdir -p "$dir/disk/$engine" "var/lib/$engine"
        mount --bind "$dir/disk/$engine" "var/lib/$engine"
    done
    while IFS='|' read -r source target; do
        mkdir -p ".$target"
        mount --rbind "$source" ".$target"
        mount -o remount,bind,ro ".$target"
    done <"$dir/shown"
    echo "$me" >"$dir/init"
    exec unshare --cgroup "$0" init "$dir"
}

init() {
    cd "$dir/root"
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
    if grep -q '^cgroup2|/sys/fs/cgroup|' "$dir/cgroups"; then
        mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
    else
        mount -t tmpfs -o mode=755,nosuid,nodev,noexec cgroup sys/fs/cgroup
        while IFS='|' read -r type at options _; do
            mkdir -p ".$at"
            mount -t "$type" -o "nosuid,nodev,noexec${options:+,$options}" "$type" ".$at"
        done <"$dir/cgroups"
        find /sys/fs/cgroup -maxdepth 1 -type l -exec cp -P {} sys/fs/cgroup/ \;
        mount -o remount,ro sys/fs/cgroup
    fi
    pivot_root . .
    umount -l .
    cd /
    exec env -i container=flotilla PATH="$PATH" TERM=linux LANG=C.UTF-8 \
        setpriv --bounding-set -sys_time,-sys_module,-sys_rawio,-syslog,-wake_alarm \
        /lib/systemd/systemd --system
}

run() {
    pid=$1
    shift
    join_cgroups init.scope
    exec nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup -- \
        env -i PATH="$PATH" HOME=/root USER=root LOGNAME=root TERM="${TERM:-dumb}" LANG=C.UTF-8 "$@"
}

"$verb" "$@"
