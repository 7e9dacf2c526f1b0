# Makes of this shell, which is PID 1 of new namespaces, a host of its own: systemd over a view of
# the real root that hides what is the real host's. Everything is mounted here and goes with it.
#   sh host.sh DIRECTORY NAME CGROUP ROOT
# an empty directory, the host's name, its cgroup's name, and what its root is a view of: another
# one than / is taken as it is.
set -eu
directory=$1 name=$2 cgroup=$3 below=$4

mount --make-rprivate /
mount -t tmpfs -o mode=755,size=512m host "$directory"
cd "$directory"
mkdir hides upper work root

# A device 0/0 in the layer between hides what is below it.
hide() {
    for path in "$@"; do
        if [ -e "$path" ] || [ -L "$path" ]; then
            mkdir -p "hides${path%/*}"
            mknod "hides$path" c 0 0
        fi
    done
}
for path in $([ "$below" != / ] || echo /* /.[!.]*); do
    case $path in
    /bin | /sbin | /lib* | /usr | /opt | /etc | /var) ;;
    *) hide "$path" ;;
    esac
done
for path in $([ "$below" != / ] || echo /var/*); do
    [ "$path" = /var/lib ] || hide "$path"
done
for path in $([ "$below" != / ] || echo /var/lib/*); do
    case $path in
    /var/lib/dpkg | /var/lib/pam) ;;
    *) hide "$path" ;;
    esac
done
hide /etc/systemd /etc/fstab /etc/crypttab /etc/mtab /etc/hostname /etc/machine-id /etc/rc?.d
mount -t overlay -o "lowerdir=hides:$below,upperdir=upper,workdir=work" host root
cd root

mkdir -p dev home mnt proc run srv sys var/cache var/lib/dbus var/lib/systemd var/log/journal
mkdir -p etc/systemd/system/multi-user.target.wants etc/systemd/system-generators
mkdir -m 700 -p root
mkdir -m 1777 -p tmp var/tmp
ln -sfn /run var/run
rm -f etc/systemd/system/multi-user.target.wants/* etc/machine-id
: > etc/fstab
echo "$name" > etc/hostname
tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id
ln -sfn /etc/machine-id var/lib/dbus/machine-id
ln -s /lib/systemd/system/multi-user.target etc/systemd/system/default.target
for unit in console-getty.service getty.target systemd-journald-audit.socket; do
    ln -s /dev/null "etc/systemd/system/$unit"
done
for generator in usr/lib/systemd/system-generators/*; do
    case $generator in
    */systemd-debug-generator | */systemd-run-generator) ;;
    *) ln -s /dev/null "etc/systemd/system-generators/${generator##*/}" ;;
    esac
done
printf '[Journal]\nStorage=persistent\n' > etc/systemd/journald.conf

mount -t tmpfs -o mode=755,nosuid,nodev run run
mount -t proc -o nosuid,nodev,noexec proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t tmpfs -o mode=755,nosuid dev dev
for node in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "dev/${node%:*}" c 1 "${node#*:}"
done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ip link set lo up 2>/dev/null || :
hostname "$name"

# Its own cgroup is to be the root of each hierarchy that it sees.
awk '{ for (i = 7; $i != "-"; i++) {} if ($(i+1) ~ /^cgroup2?$/) print $(i+1), $5, $(i+3) }' \
    /proc/self/mountinfo | grep ' /sys/fs/cgroup' | sort -u -k2,2 > "$directory/cgroups"
while read -r type at options; do
    echo 0 > "$at/$cgroup/cgroup.procs"
done < "$directory/cgroups"
cat > "$directory/second.sh" <<'SECOND'
set -eu
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
if ! grep -q ' /sys/fs/cgroup ' "$1/cgroups"; then
    mount -t tmpfs -o mode=755,nosuid,nodev,noexec cgroup sys/fs/cgroup
fi
while read -r type at options; do
    mkdir -p ".$at"
    case $type in
    cgroup2) mount -t cgroup2 -o nosuid,nodev,noexec cgroup ".$at" ;;
    *) mount -t cgroup -o "nosuid,nodev,noexec,${options#rw,}" cgroup ".$at" ;;
    esac
done < "$1/cgroups"
find /sys/fs/cgroup -maxdepth 1 -type l -exec cp -P {} sys/fs/cgroup/ \;
pivot_root . mnt
umount -l /mnt
exec env -i container=flotilla PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    /lib/systemd/systemd --system
SECOND
exec unshare --cgroup sh "$directory/second.sh" "$directory"
