package flotilla.cloudconfig.document;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cloud-config asks of a machine, read and checked.
 *
 * @param etcd coreos.etcd: keys with underscores, values as written
 * @param etcd2 coreos.etcd2
 * @param fleet coreos.fleet
 * @param units coreos.units, in order
 * @param users in order
 * @param sshAuthorizedKeys for user core
 * @param belonging how it comes to a cluster by certificates; empty: it does not
 */
public record CloudConfig(
        Map<String, String> etcd,
        Map<String, String> etcd2,
        Map<String, String> fleet,
        List<Unit> units,
        Optional<String> hostname,
        List<User> users,
        List<WrittenFile> writeFiles,
        List<String> sshAuthorizedKeys,
        Optional<Belonging> belonging) {
    public CloudConfig {
        etcd = Map.copyOf(etcd);
        etcd2 = Map.copyOf(etcd2);
        fleet = Map.copyOf(fleet);
        units = List.copyOf(units);
        users = List.copyOf(users);
        writeFiles = List.copyOf(writeFiles);
        sshAuthorizedKeys = List.copyOf(sshAuthorizedKeys);
    }

    /** How a document is judged. */
    public enum Mode {
        /** What is meant is accepted, with a warning that names the right form. */
        LENIENT,
        /** As coreos-cloudinit judged it, word for word. */
        STRICT
    }

    /**
     * One of coreos.units.
     *
     * @param runtime whether its files go to /run, and are gone after a reboot
     * @param command one of systemctl's verbs, to be run once all files are written
     */
    public record Unit(
            String name,
            boolean runtime,
            boolean enable,
            boolean mask,
            Optional<String> content,
            Optional<String> command,
            List<DropIn> dropIns) {
        public Unit {
            dropIns = List.copyOf(dropIns);
        }
    }

    /** A fragment in {@code NAME.d/} of a unit. */
    public record DropIn(String name, String content) {}

    /**
     * One of write_files, its content decoded.
     *
     * @param permissions as an octal number; 0644 when not given
     * @param owner {@code user:group}
     */
    public record WrittenFile(
            String path, byte[] content, int permissions, Optional<String> owner) {}

    /**
     * A document as read.
     *
     * @param document empty when it can't be used at all; of a script or an Ignition document too,
     *     of which the original, and so strict mode, has nothing to say
     * @param problems all of them, by place
     */
    public record Reading(Optional<CloudConfig> document, List<Problem> problems) {
        public Reading {
            problems = List.copyOf(problems);
        }

        public boolean hasErrors() {
            return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
        }
    }

    /**
     * Reads a user-data text; never throws, whatever the text is, and takes time and memory in
     * proportion to its length.
     *
     * @param text its variables put in ({@link Variables}), but for strict mode: the original
     *     judged it as it is
     */
    public static Reading read(String text, Mode mode) {
        return DocumentReader.read(text, mode);
    }

    /** Reads what a machine will read: the bytes as text, its variables put in. */
    public static Reading read(UserData userData, Variables variables, Mode mode) {
        if (!userData.problems().isEmpty()) {
            return new Reading(Optional.empty(), userData.problems());
        }
        Reading settled = read(variables.substitute(userData.text()), mode);
        return mode == Mode.LENIENT
                ? settled
                : new Reading(settled.document(), read(userData.text(), mode).problems());
    }
}
