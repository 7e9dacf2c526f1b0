package flotilla.fleet.job;

import java.util.Optional;
import java.util.Set;

/**
 * The units that a machine runs for itself and that no unit of the cluster may stand in for: a file
 * of the same name in {@code /run} would shadow the machine's own, and take away what runs the
 * cluster or what the machine boots by. The original takes such names and does just that.
 */
public final class OwnUnits {
    /** What makes a machine part of the cluster. */
    private static final Set<String> CLUSTER =
            Set.of(
                    "etcd.service",
                    "etcd2.service",
                    "etcd-member.service",
                    "fleet.service",
                    "fleet.socket",
                    "flotilla.service",
                    "locksmithd.service",
                    "update-engine.service");

    /** Of systemd.special(7) what a machine can't boot, stop or be reached without. */
    private static final Set<String> SPECIAL =
            Set.of(
                    "-.mount",
                    "-.slice",
                    "basic.target",
                    "ctrl-alt-del.target",
                    "dbus.service",
                    "dbus.socket",
                    "default.target",
                    "emergency.target",
                    "exit.target",
                    "final.target",
                    "graphical.target",
                    "halt.target",
                    "init.scope",
                    "kexec.target",
                    "local-fs-pre.target",
                    "local-fs.target",
                    "multi-user.target",
                    "network-online.target",
                    "network-pre.target",
                    "network.target",
                    "paths.target",
                    "poweroff.target",
                    "reboot.target",
                    "remote-fs.target",
                    "rescue.target",
                    "shutdown.target",
                    "slices.target",
                    "sockets.target",
                    "ssh.service",
                    "sshd.service",
                    "sysinit.target",
                    "system.slice",
                    "timers.target",
                    "umount.target",
                    "user.slice");

    private OwnUnits() {}

    /** Why the cluster may have no unit of this name; empty when it may. */
    public static Optional<String> refusal(String unit) {
        return CLUSTER.contains(unit) || SPECIAL.contains(unit) || unit.startsWith("systemd-")
                ? Optional.of(
                        "unit name '%s' is taken: each machine has a unit of its own by that name"
                                .formatted(unit))
                : Optional.empty();
    }
}
