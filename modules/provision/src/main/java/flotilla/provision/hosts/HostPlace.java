package flotilla.provision.hosts;

import java.nio.file.Path;

/**
 * One host's name, address and files.
 *
 * @param directory all that it has; what its power script finds there is named in {@code power.sh}
 */
record HostPlace(int number, String name, String address, Path directory) {
    /** What it wrote over this machine's own root. */
    Path upper() {
        return directory.resolve("upper");
    }

    /** For the overlay file system alone. */
    Path work() {
        return directory.resolve("work");
    }

    /** Its root, seen from here; without what it mounted itself. */
    Path root() {
        return directory.resolve("root");
    }

    /** What can't lie on an overlay: the data of container engines. */
    Path disk() {
        return directory.resolve("disk");
    }

    /** Its network name space, mounted. */
    Path network() {
        return directory.resolve("net");
    }

    /** Its machine-id(5); written last, when all else was made. */
    Path identity() {
        return directory.resolve("machine-id");
    }

    /** A line for each cgroup hierarchy. */
    Path cgroups() {
        return directory.resolve("cgroups");
    }

    /** Folders of this machine that it sees, read-only. */
    Path shown() {
        return directory.resolve("shown");
    }

    /** Process and start time of its PID 1, while it has power. */
    Path init() {
        return directory.resolve("init");
    }

    /** Process and start time of the script beside it. */
    Path power() {
        return directory.resolve("power");
    }

    Path console() {
        return directory.resolve("console.log");
    }
}
