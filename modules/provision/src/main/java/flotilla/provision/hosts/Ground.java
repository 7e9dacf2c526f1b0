package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What hosts stand on: rights, kernel and programs of this machine. */
public final class Ground {
    /**
     * A program and the package of Debian's that has it.
     *
     * @param program a path, or a name that is looked for
     */
    private record Part(String program, String debian) {
        private boolean isThere() {
            return program.startsWith("/")
                    ? Files.exists(Path.of(program))
                    : Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin")
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        }
    }

    private static final List<Part> PARTS =
            List.of(
                    new Part("ip", "iproute2"),
                    new Part("nft", "nftables"),
                    new Part("unshare", "util-linux"),
                    new Part("setpriv", "util-linux"),
                    new Part("/lib/systemd/systemd", "systemd"),
                    new Part("dbus-daemon", "dbus"));

    private Ground() {}

    /** Why there can be no hosts here, and what to do about it; empty when there can be. */
    public static Optional<String> problem() throws InterruptedException {
        List<Part> missing = PARTS.stream().filter(part -> !part.isThere()).toList();
        if (!missing.isEmpty()) {
            return Optional.of(
                    "hosts need programs that are not here: apt-get install "
                            + String.join(
                                    " ", missing.stream().map(Part::debian).distinct().toList()));
        }
        if (!isRoot()) {
            return Optional.of(
                    "hosts need root, of this machine and not of a user name space: use sudo, or"
                            + " the provider 'local', which needs no right at all");
        }
        CommandResult spaces =
                Command.attempt(
                        "unshare",
                        "--mount",
                        "--uts",
                        "--ipc",
                        "--net",
                        "--pid",
                        "--cgroup",
                        "--fork",
                        "true");
        if (!spaces.isDone()) {
            return Optional.of(
                    "this kernel, or what this shell runs in, allows no name spaces (%s): hosts need CAP_SYS_ADMIN, as in a container that is started with --privileged"
                            .formatted(spaces.out().strip()));
        }
        if (!hasOverlay()) {
            return Optional.of("this kernel has no overlayfs: modprobe overlay");
        }
        return Cgroups.areThere()
                ? Optional.empty()
                : Optional.of("no cgroup hierarchy is mounted below /sys/fs/cgroup");
    }

    /**
     * @throws ProvisionException when there can be no hosts here
     */
    static void require() throws InterruptedException {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            throw new ProvisionException(problem.get());
        }
    }

    /** User 0 of a name space that has all users is this machine's own. */
    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
                    && Files.readString(Path.of("/proc/self/uid_map"))
                            .strip()
                            .matches("0\\s+0\\s+4294967295");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasOverlay() throws InterruptedException {
        try {
            if (isKnown("overlay")) {
                return true;
            }
            var _ = Command.attempt("modprobe", "overlay");
            return isKnown("overlay");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isKnown(String fileSystem) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/filesystems"))) {
            return lines.anyMatch(line ->
                    line.strip().endsWith("\t" + fileSystem) || line.strip().equals(fileSystem));
        }
    }
}
