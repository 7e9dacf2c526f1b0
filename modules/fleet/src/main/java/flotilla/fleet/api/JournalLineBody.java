package flotilla.fleet.api;

import flotilla.machine.JournalLine;
import flotilla.platform.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a unit's log; a stream carries one such JSON object per line.
 *
 * @param time in RFC 3339
 */
public record JournalLineBody(
        String time, @Nullable String unit, @Nullable String identifier, long pid, String message) {
    static JournalLineBody of(JournalLine line) {
        return new JournalLineBody(
                line.time().toString(), line.unit(), line.identifier(), line.pid(), line.message());
    }

    static JournalLineBody read(JsonObject json) {
        return new JournalLineBody(
                json.requiredText("time"),
                json.text("unit"),
                json.text("identifier"),
                json.number("pid"),
                json.requiredText("message"));
    }

    public Instant instant() {
        return Instant.parse(time);
    }
}
