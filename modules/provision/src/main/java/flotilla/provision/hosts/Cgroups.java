package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cgroup for each host in every hierarchy that this machine has mounted, of version 1, 2 or both
 * (cgroups(7)). Inside, a host sees its own as the root.
 */
final class Cgroups {
    private static final Path WHERE = Path.of("/sys/fs/cgroup");
    private static final String UNIFIED = "cgroup2";

    /** Processes that were killed take their time to leave. */
    private static final int REMOVE_TRIES = 50;

    private static final long REMOVE_AGAIN_MILLIS = 100;

    /** Of all hosts of one home. */
    private final String tag;

    Cgroups(String tag) {
        this.tag = tag;
    }

    private static List<Mounts.Mount> hierarchies() {
        return Mounts.all().stream()
                .filter(mount -> mount.type().equals("cgroup") || mount.type().equals(UNIFIED))
                .filter(mount -> mount.at().startsWith(WHERE))
                .toList();
    }

    /** Whether this machine has any. */
    static boolean areThere() {
        return !hierarchies().isEmpty();
    }

    void make(HostPlace host) {
        StringBuilder lines = new StringBuilder();
        try {
            for (Mounts.Mount hierarchy : hierarchies()) {
                Path all = hierarchy.at().resolve(tag);
                Path own = all.resolve(host.name());
                for (Path cgroup : List.of(all, own)) {
                    Files.createDirectories(cgroup);
                    fillCpuset(hierarchy, cgroup);
                }
                if (hierarchy.type().equals(UNIFIED)) {
                    delegate(hierarchy.at(), all);
                }
                lines.append(
                        "%s|%s|%s|%s\n"
                                .formatted(
                                        hierarchy.type(),
                                        hierarchy.at(),
                                        hierarchy.type().equals(UNIFIED)
                                                ? ""
                                                : own(hierarchy.options()),
                                        own));
            }
            Files.writeString(host.cgroups(), lines);
        } catch (IOException e) {
            throw new ProvisionException("can't make cgroups for " + host.name(), e);
        }
    }

    /** Whether a file system is read-only is no matter of the hierarchy. */
    private static String own(String options) {
        return Arrays.stream(options.split(","))
                .filter(option -> !option.equals("rw") && !option.equals("ro"))
                .collect(Collectors.joining(","));
    }

    /** One of version 1 begins with no processors and no memory, and takes no process so. */
    private static void fillCpuset(Mounts.Mount hierarchy, Path cgroup) throws IOException {
        if (hierarchy.type().equals(UNIFIED)) {
            return;
        }
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            if (Files.exists(cgroup.resolve(file))) {
                Files.writeString(
                        cgroup.resolve(file), Files.readString(hierarchy.at().resolve(file)));
            }
        }
    }

    /** A controller that can't be had below is not there for the hosts. */
    private static void delegate(Path root, Path all) throws IOException {
        for (String controller :
                Files.readString(root.resolve("cgroup.controllers")).strip().split(" ")) {
            for (Path cgroup : List.of(root, all)) {
                try {
                    Files.writeString(cgroup.resolve("cgroup.subtree_control"), "+" + controller);
                } catch (IOException e) {
                    break;
                }
            }
        }
    }

    /** Removes those of all hosts, once nothing runs there. */
    void remove() throws InterruptedException {
        for (Mounts.Mount hierarchy : hierarchies()) {
            Path all = hierarchy.at().resolve(tag);
            for (int i = 0; Files.exists(all); i++) {
                if (removed(all)) {
                    break;
                }
                if (i == REMOVE_TRIES) {
                    throw new ProvisionException(all + " is still in use");
                }
                TimeUnit.MILLISECONDS.sleep(REMOVE_AGAIN_MILLIS);
            }
        }
    }

    private static boolean removed(Path all) {
        try (Stream<Path> below = Files.walk(all)) {
            for (Path cgroup :
                    below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(cgroup);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
