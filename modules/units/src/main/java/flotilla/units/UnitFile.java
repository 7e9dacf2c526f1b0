package flotilla.units;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A unit file: its text exactly as written, and the options in it (systemd.syntax(7)). Bad input is
 * never an exception: what could not be read is in {@link #problems}, the rest is there.
 */
public final class UnitFile {
    /**
     * fleet refuses a line longer than that, in bytes of UTF-8 with its line end (go-systemd's
     * SYSTEMD_LINE_MAX, {@code unit/deserialize.go}); systemd's own limit is 1 MiB.
     */
    public static final int FLEET_LINE_BYTES_MAX = 2048;

    private final String text;
    private final List<UnitOption> options;
    private final List<Problem> problems;

    UnitFile(String text, List<UnitOption> options, List<Problem> problems) {
        this.text = text;
        this.options = List.copyOf(options);
        this.problems = List.copyOf(problems);
    }

    public static UnitFile parse(String text) {
        return new UnitFileParser(text).parse();
    }

    /** A file from bare options, as fleet's API carries them; its text is {@link #fleetText}. */
    public static UnitFile of(List<UnitOption> options) {
        return new UnitFile(serialize(options), options, List.of());
    }

    /** What was parsed, byte for byte: comments, blank lines and line ends included. */
    public String text() {
        return text;
    }

    /** All assignments in the order of the file. */
    public List<UnitOption> options() {
        return options;
    }

    public List<Problem> problems() {
        return problems;
    }

    /** The first line that is too long for fleet; systemd reads it. */
    public Optional<Problem> tooLongForFleet() {
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            // A UTF-16 unit is at most 3 bytes of UTF-8, so most lines need no encoding.
            if (line.length() * 3L >= FLEET_LINE_BYTES_MAX
                    && line.getBytes(StandardCharsets.UTF_8).length >= FLEET_LINE_BYTES_MAX) {
                return Optional.of(
                        new Problem(
                                number,
                                1,
                                "line too long (max " + FLEET_LINE_BYTES_MAX + " bytes)"));
            }
        }
        return Optional.empty();
    }

    public boolean hasSection(String section) {
        return options.stream().anyMatch(option -> option.section().equals(section));
    }

    /** The last value; empty when it was never given or last given as empty (the default again). */
    public Optional<String> option(String section, String name) {
        return last(section, name).map(UnitOption::value).filter(value -> !value.isEmpty());
    }

    /** The assignment that {@link #option} reads, also when it is empty. */
    public Optional<UnitOption> last(String section, String name) {
        return assignments(section, name).reduce((_, later) -> later);
    }

    /** All values in order; an empty assignment drops those before it, as systemd's lists do. */
    public List<String> values(String section, String name) {
        return all(section, name).stream().map(UnitOption::value).toList();
    }

    /** The assignments that {@link #values} reads. */
    public List<UnitOption> all(String section, String name) {
        List<UnitOption> live = new ArrayList<>();
        assignments(section, name)
                .forEach(option -> {
                    if (option.raw().isEmpty()) {
                        live.clear();
                    } else {
                        live.add(option);
                    }
                });
        return List.copyOf(live);
    }

    /** A boolean as systemd spells it (1 yes true on); any other word gives the default. */
    public boolean flag(String section, String name, boolean otherwise) {
        return option(section, name)
                .map(value ->
                        switch (value.toLowerCase(java.util.Locale.ROOT)) {
                            case "1", "yes", "y", "true", "t", "on" -> true;
                            case "0", "no", "n", "false", "f", "off" -> false;
                            default -> otherwise;
                        })
                .orElse(otherwise);
    }

    /** This file with a drop-in read after it (systemd.unit(5), {@code NAME.d/*.conf}). */
    public UnitFile with(UnitFile dropIn) {
        List<UnitOption> merged = new ArrayList<>(options);
        merged.addAll(dropIn.options);
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(dropIn.problems);
        String join = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return new UnitFile(text + join + dropIn.text, merged, all);
    }

    /**
     * The file as fleet stores and prints it: comments gone, sections joined in the order of their
     * first option, one blank line between them.
     */
    public String fleetText() {
        return serialize(options);
    }

    /** fleet's name for the content: SHA-1 of {@link #fleetText}, 40 hex digits. */
    public String hash() {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of()
                    .formatHex(sha1.digest(fleetText().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private java.util.stream.Stream<UnitOption> assignments(String section, String name) {
        return options.stream()
                .filter(option -> option.section().equals(section) && option.name().equals(name));
    }

    private static String serialize(List<UnitOption> options) {
        Map<String, List<UnitOption>> sections = new LinkedHashMap<>();
        for (UnitOption option : options) {
            sections.computeIfAbsent(option.section(), _ -> new ArrayList<>()).add(option);
        }
        StringBuilder out = new StringBuilder();
        sections.forEach((section, its) -> {
            out.append(out.isEmpty() ? "" : "\n").append('[').append(section).append("]\n");
            for (UnitOption option : its) {
                out.append(option.name()).append('=').append(option.raw()).append('\n');
            }
        });
        return out.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnitFile file && text.equals(file.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
