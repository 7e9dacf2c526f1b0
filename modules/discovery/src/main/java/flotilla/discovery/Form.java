package flotilla.discovery;

import flotilla.discovery.token.Operation;
import flotilla.discovery.token.Outcome.Reason;
import flotilla.discovery.token.TokenTree;
import flotilla.platform.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a v2 PUT, from the query and a form body; the body wins. */
final class Form {
    /** The longest life a key may ask for: a year, in seconds. */
    private static final long TTL_MAX_SECONDS = 365L * 24 * 3600;

    private final Map<String, String> fields;

    /** A field that can't be understood. */
    static final class BadField extends Exception {
        private static final long serialVersionUID = 1;
        private final Reason reason;
        private final String cause;

        BadField(Reason reason, String cause) {
            super(reason.message() + ": " + cause);
            this.reason = reason;
            this.cause = cause;
        }

        Reason reason() {
            return reason;
        }

        String cause() {
            return cause;
        }
    }

    private Form(Map<String, String> fields) {
        this.fields = fields;
    }

    static Form of(Request request) throws BadField {
        Map<String, String> fields = new HashMap<>();
        request.query().forEach((name, values) -> fields.put(name, values.getFirst()));
        String text = request.text();
        if (text.length() > 4 * TokenTree.VALUE_MAX_BYTES) {
            throw tooLong();
        }
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            try {
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                fields.put(decode(name), decode(value));
            } catch (IllegalArgumentException e) {
                throw new BadField(Reason.INVALID_FIELD, "the form can't be decoded");
            }
        }
        return new Form(fields);
    }

    private static BadField tooLong() {
        return new BadField(
                Reason.INVALID_FIELD,
                "the value is longer than " + TokenTree.VALUE_MAX_BYTES + " bytes");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    Operation.Put put(String token, String key) throws BadField {
        String value = fields.getOrDefault("value", "");
        if (value.getBytes(StandardCharsets.UTF_8).length > TokenTree.VALUE_MAX_BYTES) {
            throw tooLong();
        }
        var condition =
                new Operation.Condition(
                        bool("prevExist"),
                        fields.get("prevValue"),
                        number("prevIndex", Reason.INDEX_NOT_A_NUMBER));
        Long ttl = number("ttl", Reason.TTL_NOT_A_NUMBER);
        if (ttl != null && (ttl < 0 || ttl > TTL_MAX_SECONDS)) {
            throw new BadField(Reason.TTL_NOT_A_NUMBER, "ttl=" + ttl);
        }
        return new Operation.Put(token, key, value, condition, ttl == null ? 0 : ttl);
    }

    private @Nullable Boolean bool(String field) throws BadField {
        String text = fields.get(field);
        if (text == null || text.isEmpty()) {
            return null;
        }
        return switch (text) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default ->
                    throw new BadField(Reason.INVALID_FIELD, "invalid value for \"" + field + "\"");
        };
    }

    private @Nullable Long number(String field, Reason otherwise) throws BadField {
        String text = fields.get(field);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new BadField(otherwise, "invalid value for \"" + field + "\"");
        }
    }
}
