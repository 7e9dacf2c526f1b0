package flotilla.machine.systemd;

import flotilla.machine.JournalLine;
import flotilla.platform.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One object of {@code journalctl -o json} (systemd.journal-fields(7)). */
final class JournalEntry {
    /** What is asked for; time and cursor come without being asked for. */
    static final String FIELDS =
            "MESSAGE,_SYSTEMD_UNIT,UNIT,OBJECT_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_COMM,_PID";

    private JournalEntry() {}

    /** Empty for what is no entry, or of no unit. */
    static Optional<JournalLine> parse(String text) {
        JsonObject json;
        try {
            json = JsonObject.read(text);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
        String unit = unit(json);
        String micros = text(json, "__REALTIME_TIMESTAMP");
        if (unit.isEmpty() || !micros.matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        long time = Long.parseLong(micros);
        String pid = text(json, "_PID");
        return Optional.of(
                new JournalLine(
                        Instant.ofEpochSecond(time / 1_000_000, time % 1_000_000 * 1000),
                        unit,
                        identifier(json),
                        pid.matches("[0-9]{1,10}") ? Long.parseLong(pid) : 0,
                        text(json, "MESSAGE"),
                        text(json, "__CURSOR")));
    }

    /** Where the journal finds an entry again. */
    static Optional<String> cursor(String text) {
        try {
            return Optional.of(text(JsonObject.read(text), "__CURSOR"))
                    .filter(cursor -> !cursor.isEmpty());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** What systemd says of a unit is the unit's too. */
    private static String unit(JsonObject json) {
        boolean ofInit = text(json, "_PID").equals("1");
        String said = ofInit ? text(json, "UNIT") : text(json, "OBJECT_SYSTEMD_UNIT");
        return said.isEmpty() ? text(json, "_SYSTEMD_UNIT") : said;
    }

    private static String identifier(JsonObject json) {
        if (text(json, "_PID").equals("1")) {
            return "init";
        }
        String said = text(json, "SYSLOG_IDENTIFIER");
        return said.isEmpty() ? text(json, "_COMM") : said;
    }

    /** Bytes where it is no UTF-8, all of them where it was given more than once: the last then. */
    private static String text(JsonObject json, String field) {
        return switch (json.fields().get(field)) {
            case String text -> text;
            case List<?> list when !list.isEmpty() && list.getLast() instanceof Number -> {
                byte[] bytes = new byte[list.size()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = list.get(i) instanceof Number number ? number.byteValue() : 0;
                }
                yield new String(bytes, StandardCharsets.UTF_8);
            }
            case List<?> list when !list.isEmpty() && list.getLast() instanceof String last -> last;
            case null, default -> "";
        };
    }
}
