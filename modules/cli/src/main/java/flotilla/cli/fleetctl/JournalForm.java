package flotilla.cli.fleetctl;

import flotilla.fleet.api.JournalLineBody;
import flotilla.platform.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How a line of a log is printed: the forms of journalctl(1) that what fleet tells of one fills.
 */
enum JournalForm {
    SHORT("MMM dd HH:mm:ss"),
    SHORT_PRECISE("MMM dd HH:mm:ss.SSSSSS"),
    SHORT_FULL("EEE yyyy-MM-dd HH:mm:ss zzz"),
    SHORT_ISO("yyyy-MM-dd'T'HH:mm:ssxxx"),
    SHORT_ISO_PRECISE("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx"),
    SHORT_UNIX(""),
    /** As short-full, with the unit in place of what logged. */
    WITH_UNIT("EEE yyyy-MM-dd HH:mm:ss zzz"),
    CAT(""),
    /** As fleet's API says it. */
    JSON(""),
    JSON_PRETTY("");

    static final String WORDS =
            "short, short-precise, short-full, short-iso, short-iso-precise, short-unix, with-unit, cat, json or json-pretty";

    /** They need what the journal of a machine has, and what embedded journals never had. */
    private static final Set<String> ONLY_THERE =
            Set.of("short-monotonic", "short-delta", "verbose", "export", "json-sse", "json-seq");

    private final String time;

    /**
     * @param time pattern of the line's, for those that begin with it
     */
    JournalForm(String time) {
        this.time = time;
    }

    /** Of the command line. */
    static final class Named implements ITypeConverter<JournalForm> {
        @Override
        public JournalForm convert(String text) {
            String word = text.toLowerCase(Locale.ROOT);
            if (ONLY_THERE.contains(word)) {
                throw new TypeConversionException(
                        "%s takes fields that only the machine's journal has: fleetctl ssh UNIT journalctl -u UNIT -o %s"
                                .formatted(word, word));
            }
            return Arrays.stream(values())
                    .filter(form -> form.word().equals(word))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + text + "' is not " + WORDS));
        }
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * A line, or several for a message that has several.
     *
     * @param host where it was logged
     * @param zone whose time is told
     */
    String text(String host, JournalLineBody line, ZoneId zone) {
        return switch (this) {
            case CAT -> line.message();
            case JSON -> Json.write(line);
            case JSON_PRETTY -> Json.writePretty(line);
            case SHORT_UNIX -> text(micros(line.instant()), host, line);
            case SHORT, SHORT_PRECISE, SHORT_FULL, SHORT_ISO, SHORT_ISO_PRECISE, WITH_UNIT ->
                    // The names of months and zones are English, as journalctl's in the locale C.
                    text(
                            DateTimeFormatter.ofPattern(time, Locale.ENGLISH)
                                    .withZone(zone)
                                    .format(line.instant()),
                            host,
                            line);
        };
    }

    /** Seconds since 1970. */
    private static String micros(Instant time) {
        return "%d.%06d".formatted(time.getEpochSecond(), time.getNano() / 1000);
    }

    private String text(String time, String host, JournalLineBody line) {
        String who =
                Objects.requireNonNullElse(
                        this == WITH_UNIT ? line.unit() : line.identifier(), "unknown");
        String head =
                "%s %s %s%s: "
                        .formatted(time, host, who, line.pid() == 0 ? "" : "[" + line.pid() + "]");
        // Under each other, as journalctl has it.
        return head + line.message().replace("\n", "\n" + " ".repeat(head.length()));
    }
}
