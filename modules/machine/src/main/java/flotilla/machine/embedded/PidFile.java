package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/** Which process a forking service left as its main one. */
final class PidFile {
    private PidFile() {}

    /**
     * What the first of the files says that names such a process.
     *
     * @param acceptable a file may be an old one, and its number another process' by now
     */
    static OptionalInt read(List<Path> files, LongPredicate acceptable) {
        return files.stream()
                .flatMapToInt(file -> named(file).stream())
                .filter(acceptable::test)
                .findFirst();
    }

    /** Removes a file that a service left behind; one that names a living process stays. */
    static void remove(Path file) throws IOException {
        OptionalInt pid = named(file);
        if (pid.isEmpty() || ProcessHandle.of(pid.getAsInt()).isEmpty()) {
            Files.deleteIfExists(file);
        }
    }

    private static OptionalInt named(Path file) {
        String text = text(file);
        return text.matches("[0-9]{1,9}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    /** Empty while there is nothing to read: it is not written yet, or the next file is meant. */
    private static String text(Path file) {
        try {
            return SmallFile.read(file).strip();
        } catch (IOException absent) {
            return "";
        }
    }

    /** Without a file: the one process that has no parent among the others; of several none. */
    static OptionalInt guess(List<ProcessTable.Entry> members) {
        Set<Long> all = members.stream().map(ProcessTable.Entry::pid).collect(Collectors.toSet());
        int[] daemons =
                members.stream()
                        .filter(entry -> !all.contains(entry.parent()))
                        .mapToInt(entry -> (int) entry.pid())
                        .toArray();
        return daemons.length == 1 ? OptionalInt.of(daemons[0]) : OptionalInt.empty();
    }
}
