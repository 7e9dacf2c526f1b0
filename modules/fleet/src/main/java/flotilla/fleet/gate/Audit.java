package flotilla.fleet.gate;

import flotilla.platform.http.Request;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line in the log for each change that somebody asked for, and each that was refused: who, what,
 * and the status it was answered with; when is the log's own matter. Bodies are not in it, for
 * units may hold secrets; only the names that they are about.
 */
public final class Audit {
    private static final Logger log = LoggerFactory.getLogger("audit");

    /** Characters of a path, and of the names behind it. */
    private static final int TEXT_MAX = 200;

    /** Larger bodies are not looked into, in bytes. */
    private static final int BODY_MAX_BYTES = 64 * 1024;

    /** Where lines go. */
    @FunctionalInterface
    interface Lines {
        void add(String line);
    }

    private final Lines lines;

    Audit(Lines lines) {
        this.lines = lines;
    }

    /** One that writes to the log, as the logger {@code audit}. */
    public static Audit toLog() {
        return new Audit(log::info);
    }

    void tell(Caller caller, Request request, int status) {
        String names = names(request);
        lines.add(
                "%s%s: %s %s%s: %d"
                        .formatted(
                                printable(caller.words()),
                                request.client().isEmpty() ? "" : " at " + request.client(),
                                request.method(),
                                printable(request.path()),
                                names.isEmpty() ? "" : " " + printable(names),
                                status));
    }

    /** The units, or the one thing, that a body is about. */
    private static String names(Request request) {
        if (!request.method().equals("POST") || request.body().length > BODY_MAX_BYTES) {
            return "";
        }
        try {
            Map<String, ?> body = JsonObject.read(request.text()).fields();
            Object about = Objects.requireNonNullElse(body.get("units"), "");
            return about instanceof List<?> list && list.stream().allMatch(String.class::isInstance)
                    ? list.toString()
                    : Objects.toString(body.get("name"), "");
        } catch (JsonException e) {
            return "";
        }
    }

    /** No line end, no terminal's commands, and not without end. */
    private static String printable(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return line.length() > TEXT_MAX ? line.substring(0, TEXT_MAX) + "..." : line;
    }
}
