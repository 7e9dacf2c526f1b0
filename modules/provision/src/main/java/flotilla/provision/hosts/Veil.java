package flotilla.provision.hosts;

import flotilla.platform.disk.Disk;
import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A thin layer over this machine's root, shared by all hosts, that hides what is this machine's
 * alone: homes, logs, services and their data, identity, secrets. It lies in memory, for a layer
 * and what it lies upon must be different file systems. What it hides it hides by whiteouts
 * (overlayfs's own: a character device 0/0); a directory made in a whiteout's place is an empty
 * one.
 */
final class Veil {
    private static final Set<String> SHOWN =
            Set.of("bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "opt", "etc", "var");

    /** So that packages can be installed in a host. */
    private static final Set<String> SHOWN_STATE = Set.of("apt", "dpkg", "pam", "ucf", "polkit-1");

    /** What says who this machine is, what it starts, and when. */
    private static final List<String> HIDDEN =
            List.of(
                    "etc/systemd",
                    "etc/fstab",
                    "etc/crypttab",
                    "etc/mtab",
                    "etc/hostname",
                    "etc/hosts",
                    "etc/machine-id",
                    "etc/flotilla",
                    "etc/default/etcd",
                    // Which forbids packages to start their services.
                    "usr/sbin/policy-rc.d");

    private static final List<String> DIRECTORIES =
            List.of(
                    "boot",
                    "dev",
                    "home",
                    "media",
                    "mnt",
                    "proc",
                    "run",
                    "srv",
                    "sys",
                    "var/cache/apt/archives/partial",
                    "var/cache/debconf",
                    "var/lib/dbus",
                    "var/lib/misc",
                    "var/lib/systemd",
                    "var/local",
                    "var/log/journal",
                    "var/mail",
                    "var/opt",
                    "var/spool/cron",
                    "etc/systemd/system/multi-user.target.wants",
                    "etc/systemd/system/sockets.target.wants",
                    "etc/systemd/system-generators");

    /** Nobody sits at a host's console, and the kernel's audit is this machine's. */
    private static final List<String> MASKED =
            List.of("console-getty.service", "getty.target", "systemd-journald-audit.socket");

    /** The others look for devices that a host doesn't have. */
    private static final Set<String> GENERATORS =
            Set.of("systemd-debug-generator", "systemd-run-generator");

    /** Mode of a directory in which each may only remove what is its own. */
    private static final int EVERYBODYS = 0b001_111_111_111;

    private static final Path ROOT = Path.of("/");
    private static final Path NULL = Path.of("/dev/null");

    private final Path place;
    private final Path layer;

    Veil(HostsHome home) {
        place = home.veil();
        layer = place.resolve("layer");
    }

    /** What hosts see, the uppermost first, as overlayfs wants it said. */
    String lowerLayers() {
        return layer + ":/";
    }

    void make() throws InterruptedException {
        Path ready = place.resolve("ready");
        if (Files.exists(ready)) {
            return;
        }
        Path work = place.resolve("work");
        Path view = place.resolve("view");
        try {
            Files.createDirectories(place);
            if (!Mounts.has(place)) {
                Command.run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "mode=755,size=64m",
                        "veil",
                        place.toString());
            }
            for (Path directory : List.of(layer, work, view)) {
                Files.createDirectories(directory);
            }
            hide(hidden());
            Command.run(
                    "mount",
                    "-t",
                    "overlay",
                    "-o",
                    "lowerdir=/,upperdir=%s,workdir=%s".formatted(layer, work),
                    "veil",
                    view.toString());
            furnish(view);
            Command.run("umount", view.toString());
            Disk.deleteTree(work);
            Disk.deleteTree(view);
            Files.createFile(ready);
        } catch (IOException e) {
            throw new ProvisionException("can't make what hosts see of this machine's root", e);
        }
    }

    private void hide(List<Path> paths) throws IOException, InterruptedException {
        for (Path path : paths) {
            Path whiteout = layer.resolve(ROOT.relativize(path).toString());
            Files.createDirectories(whiteout.resolveSibling(""));
            if (Files.notExists(whiteout, LinkOption.NOFOLLOW_LINKS)) {
                Command.run("mknod", whiteout.toString(), "c", "0", "0");
            }
        }
    }

    private static List<Path> hidden() throws IOException {
        List<Path> hidden = new ArrayList<>(others(ROOT, SHOWN));
        hidden.addAll(others(Path.of("/var"), Set.of("lib")));
        hidden.addAll(others(Path.of("/var/lib"), SHOWN_STATE));
        hidden.addAll(beginning(Path.of("/etc"), "cron."));
        hidden.addAll(beginning(Path.of("/etc"), "rc"));
        hidden.addAll(beginning(Path.of("/etc/ssh"), "ssh_host_"));
        HIDDEN.stream()
                .map(ROOT::resolve)
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .forEach(hidden::add);
        return hidden;
    }

    private static List<Path> others(Path directory, Set<String> shown) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(path -> !shown.contains(name(path))).toList();
        }
    }

    private static List<Path> beginning(Path directory, String prefix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(path -> name(path).startsWith(prefix)).toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** What a fresh machine has. */
    private static void furnish(Path view) throws IOException {
        for (String directory : DIRECTORIES) {
            Files.createDirectories(view.resolve(directory));
        }
        for (String directory : List.of("tmp", "var/tmp")) {
            Files.createDirectories(view.resolve(directory));
            Files.setAttribute(view.resolve(directory), "unix:mode", EVERYBODYS);
        }
        Files.createDirectories(
                view.resolve("root"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        link(view.resolve("var/run"), "/run");
        link(view.resolve("var/lock"), "/run/lock");
        link(view.resolve("var/lib/dbus/machine-id"), "/etc/machine-id");
        link(view.resolve("etc/mtab"), "/proc/self/mounts");
        Files.writeString(view.resolve("etc/fstab"), "# The root is mounted from outside.\n");
        Path units = view.resolve("etc/systemd/system");
        link(units.resolve("default.target"), "/lib/systemd/system/multi-user.target");
        for (String unit : MASKED) {
            link(units.resolve(unit), NULL.toString());
        }
        for (Path generator : others(Path.of("/usr/lib/systemd/system-generators"), GENERATORS)) {
            link(
                    view.resolve("etc/systemd/system-generators").resolve(name(generator)),
                    NULL.toString());
        }
        Files.writeString(
                view.resolve("etc/systemd/journald.conf"), "[Journal]\nStorage=persistent\n");
    }

    private static void link(Path at, String target) throws IOException {
        Files.createSymbolicLink(at, Path.of(target));
    }
}
