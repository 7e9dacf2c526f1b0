package flotilla.discovery;

import flotilla.discovery.token.Operation;
import flotilla.discovery.token.Outcome.Reason;
import flotilla.discovery.token.TokenTree;
import flotilla.platform.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a request, from the query and a form body; the body wins. */
final class Form {
    /** The longest life a key may ask for: a year, in seconds. */
    private static final long TTL_MAX_SECONDS = 365L * 24 * 3600;

    /** Of no meaning to a change of one key here; what is no boolean is refused all the same. */
    private static final List<String> FLAGS =
            List.of("recursive", "sorted", "wait", "dir", "quorum", "stream");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

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
        Form form = ofQuery(request);
        String text = request.text();
        if (text.length() > 4 * TokenTree.VALUE_MAX_BYTES) {
            throw tooLong();
        }
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            try {
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                form.fields.put(decode(name), decode(value));
            } catch (IllegalArgumentException e) {
                throw new BadField(Reason.INVALID_FIELD, "the form can't be decoded");
            }
        }
        return form;
    }

    /** Of a DELETE, say, whose body is looked at by nobody. */
    private static Form ofQuery(Request request) {
        Map<String, String> fields = new HashMap<>();
        request.query().forEach((name, values) -> fields.put(name, values.getFirst()));
        return new Form(fields);
    }

    static Operation.Delete delete(Request request, String token, String key) throws BadField {
        Form form = ofQuery(request);
        var _ = form.ttl(); // Says nothing to a delete, but must be a number.
        return new Operation.Delete(token, key, form.condition());
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
        Long ttl = ttl();
        if (ttl != null && ttl > TTL_MAX_SECONDS) {
            throw new BadField(
                    Reason.TTL_NOT_A_NUMBER,
                    "ttl=" + ttl + ": at most " + TTL_MAX_SECONDS + " seconds, a year");
        }
        return new Operation.Put(token, key, value, condition(), ttl);
    }

    private @Nullable Long ttl() throws BadField {
        return has("ttl") ? number("ttl", Reason.TTL_NOT_A_NUMBER) : null;
    }

    /** A field that is there, with something in it. */
    boolean has(String field) {
        return !get(field).isEmpty();
    }

    /** What a field holds; empty when it isn't there. */
    String get(String field) {
        return fields.getOrDefault(field, "");
    }

    private Operation.Condition condition() throws BadField {
        for (String field : FLAGS) {
            if (fields.containsKey(field)) {
                var _ = bool(field, "invalid value for \"" + field + "\"");
            }
        }
        if (fields.containsKey("prevValue") && !has("prevValue")) {
            throw new BadField(Reason.PREV_VALUE_REQUIRED, "\"prevValue\" cannot be empty");
        }
        Long index =
                fields.containsKey("prevIndex")
                        ? number("prevIndex", Reason.INDEX_NOT_A_NUMBER)
                        : null;
        return new Operation.Condition(
                fields.containsKey("prevExist") ? prevExist() : null,
                fields.get("prevValue"),
                index == null || index == 0 ? null : index); // No index is 0: etcd's "any".
    }

    private boolean prevExist() throws BadField {
        return bool("prevExist", "invalid value for prevExist"); // Without quotes, as etcd.
    }

    private boolean bool(String field, String refusal) throws BadField {
        return switch (get(field)) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw new BadField(Reason.INVALID_FIELD, refusal);
        };
    }

    /** An unsigned number by Go's rules: no sign, no space, nothing but digits. */
    private long number(String field, Reason otherwise) throws BadField {
        BadField refusal = new BadField(otherwise, "invalid value for \"" + field + "\"");
        if (!DIGITS.matcher(get(field)).matches()) {
            throw refusal;
        }
        try {
            return Long.parseLong(get(field));
        } catch (NumberFormatException tooLarge) {
            throw refusal;
        }
    }
}
