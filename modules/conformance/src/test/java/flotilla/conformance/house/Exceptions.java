package flotilla.conformance.house;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code tidy-exceptions.txt}: the places where a rule is broken on purpose, one per line as {@code
 * rule place: reason}. A line that excuses nothing any more is itself a finding.
 */
final class Exceptions {
    private static final String FILE = "tidy-exceptions.txt";

    private final Set<String> excused = new LinkedHashSet<>();
    private final Set<String> used = new LinkedHashSet<>();

    static Exceptions read() {
        Exceptions exceptions = new Exceptions();
        try (InputStream in =
                        Objects.requireNonNull(
                                Exceptions.class.getResourceAsStream("/" + FILE), FILE);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(exceptions::add);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + FILE, e);
        }
        return exceptions;
    }

    private void add(String line) {
        int colon = line.indexOf(": ");
        if (colon < 0 || line.substring(0, colon).split(" ").length != 2) {
            throw new IllegalArgumentException(
                    FILE + ": '" + line + "' is not of the form 'rule place: reason'");
        }
        excused.add(line.substring(0, colon));
    }

    boolean excuses(Finding finding) {
        String key = finding.rule() + " " + finding.at();
        if (!excused.contains(key)) {
            return false;
        }
        used.add(key);
        return true;
    }

    /** Lines that no finding has asked for. */
    List<String> unused() {
        return excused.stream().filter(key -> !used.contains(key)).toList();
    }
}
