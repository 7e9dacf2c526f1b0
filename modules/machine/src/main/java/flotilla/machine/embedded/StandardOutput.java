package flotilla.machine.embedded;

import flotilla.machine.process.Spawner.Output;
import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * StandardOutput= of systemd.exec(5); standard error goes the same way.
 *
 * @param kind the word before the colon
 * @param path what comes after it, or nothing
 */
record StandardOutput(String kind, String path) {
    private static final String JOURNAL = "journal";

    static StandardOutput of(UnitFile file, Specifiers specifiers) {
        String given = file.option("Service", "StandardOutput").orElse(JOURNAL);
        String word = specifiers.expand(given);
        int colon = word.indexOf(':');
        return colon < 0
                ? new StandardOutput(word, "")
                : new StandardOutput(word.substring(0, colon), word.substring(colon + 1));
    }

    /** What is not done as the file says. */
    Optional<String> remark() {
        return switch (kind) {
            case "null", JOURNAL, "inherit", "syslog", "journal+console", "syslog+console" ->
                    Optional.empty();
            case "file", "append", "truncate" ->
                    path.startsWith("/")
                            ? Optional.empty()
                            : Optional.of(
                                    "StandardOutput=%s:%s is no absolute path: goes to the journal"
                                            .formatted(kind, path));
            default ->
                    Optional.of("StandardOutput=" + kind + " is not honoured: goes to the journal");
        };
    }

    /**
     * @param onMachine finds a path as a unit file means it
     */
    Output output(Function<String, Path> onMachine) {
        if (kind.equals("null")) {
            return new Output.ToFile(Path.of("/dev/null"), Output.Place.END);
        }
        if (!path.startsWith("/")) {
            return new Output.Pipe();
        }
        return switch (kind) {
            case "file" -> new Output.ToFile(onMachine.apply(path), Output.Place.BEGINNING);
            case "append" -> new Output.ToFile(onMachine.apply(path), Output.Place.END);
            case "truncate" -> new Output.ToFile(onMachine.apply(path), Output.Place.INSTEAD);
            default -> new Output.Pipe();
        };
    }
}
