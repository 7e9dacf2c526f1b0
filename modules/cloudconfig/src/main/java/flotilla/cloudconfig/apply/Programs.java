package flotilla.cloudconfig.apply;

import flotilla.platform.process.Program;
import flotilla.platform.process.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The programs of this host that change its accounts. They are looked for where the distribution
 * puts them, not where this process's environment says, of which they get nothing either.
 *
 * @param inside what runs a command elsewhere, such as {@code nsenter ...}; nothing for this host
 */
record Programs(List<String> inside) {
    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", String.join(":", PLACES), "LC_ALL", "C");

    Programs {
        inside = List.copyOf(inside);
    }

    /** How one ended, and what it wrote on both its outputs. */
    record Output(String command, int code, String text) {
        /** What it wrote, if it succeeded. */
        String needed() throws IOException {
            if (code != 0) {
                throw new IOException("%s: %s (%d)".formatted(command, text.strip(), code));
            }
            return text;
        }
    }

    /** Blocks until it has ended, with success. */
    String need(List<String> command, String input) throws IOException, InterruptedException {
        return run(command, input).needed();
    }

    /**
     * Blocks until it has ended.
     *
     * @throws IOException when it can't be run, or has not ended in time: what it has done by then
     *     is not known
     */
    Output run(List<String> command, String input) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(inside);
        whole.add(place(command.getFirst()));
        whole.addAll(command.subList(1, command.size()));
        Ended ended = Program.of(whole).knowingOnly(ENVIRONMENT).reading(input).run();
        return new Output(command.getFirst(), ended.code(), ended.text());
    }

    private static String place(String program) throws IOException {
        for (String directory : PLACES) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return directory + "/" + program;
            }
        }
        throw new IOException(
                "this machine has no %s in %s: install it (Debian: the package passwd)"
                        .formatted(program, String.join(", ", PLACES)));
    }
}
