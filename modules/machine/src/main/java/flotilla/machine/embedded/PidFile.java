package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Which process a forking service left as its main one. */
final class PidFile {
    private PidFile() {}

    /** What the first of the files says, if it is a living process. */
    static OptionalInt read(List<Path> files) {
        for (Path file : files) {
            try {
                String text = Files.readString(file).strip();
                if (text.matches("[0-9]{1,9}")
                        && ProcessHandle.of(Long.parseLong(text)).isPresent()) {
                    return OptionalInt.of(Integer.parseInt(text));
                }
            } catch (IOException absent) {
                // Not written yet, or the next one is meant.
            }
        }
        return OptionalInt.empty();
    }

    /** Without a file: the oldest of the processes that have no parent among the others. */
    static OptionalInt guess(List<ProcessTable.Entry> members) {
        Set<Long> all = members.stream().map(ProcessTable.Entry::pid).collect(Collectors.toSet());
        return members.stream()
                .filter(entry -> !all.contains(entry.parent()))
                .mapToInt(entry -> (int) entry.pid())
                .min();
    }
}
