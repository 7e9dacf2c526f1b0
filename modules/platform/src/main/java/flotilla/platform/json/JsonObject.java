package flotilla.platform.json;

import flotilla.platform.json.Json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose fields are asked for by name. For commands: {@link Json} learns the shape of
 * a record by reflection, which takes a process that reads one answer longer than all else it does.
 * As there, unknown fields are passed over and absent ones are null, 0, false or empty.
 *
 * @param fields values are Map, List, String, Number, Boolean or null
 */
public record JsonObject(Map<String, @Nullable Object> fields) {
    /**
     * @throws JsonException when the text is no JSON object
     */
    public static JsonObject read(String text) {
        return of(JsonTree.read(text), "the JSON");
    }

    /** On one line, without a newline; in the order of the fields. */
    public String json() {
        return JsonTree.write(fields);
    }

    /** A number or a flag is taken as its digits or its word; null when absent. */
    public @Nullable String text(String field) {
        return text(fields.get(field), field);
    }

    /** As {@link #text}, of a field that must be there. */
    public String requiredText(String field) {
        String text = text(field);
        if (text == null) {
            throw new JsonException("there is no \"" + field + "\"", null);
        }
        return text;
    }

    /** 0 when absent; a fraction is cut off. */
    public long number(String field) {
        return fields.get(field) == null ? 0 : any(field).longValue();
    }

    /** 0 when absent. */
    public double fraction(String field) {
        return fields.get(field) == null ? 0 : any(field).doubleValue();
    }

    private Number any(String field) {
        if (fields.get(field) instanceof Number number) {
            return number;
        }
        throw wrong(field, "a number", fields.get(field));
    }

    /** False when absent. */
    public boolean flag(String field) {
        Object value = fields.get(field);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(field, "true or false", value);
    }

    /** Null when absent. */
    public @Nullable JsonObject object(String field) {
        Object value = fields.get(field);
        return value == null ? null : of(value, field);
    }

    /** Null when absent. */
    public @Nullable List<JsonObject> objects(String field) {
        Object value = fields.get(field);
        if (value == null) {
            return null;
        }
        if (!(value instanceof List<?> elements)) {
            throw wrong(field, "a list", value);
        }
        List<JsonObject> objects = new ArrayList<>(elements.size());
        for (Object element : elements) {
            objects.add(of(element, field));
        }
        return objects;
    }

    /** A list of texts; null when absent. */
    public @Nullable List<String> textList(String field) {
        Object value = fields.get(field);
        if (value == null) {
            return null;
        }
        if (!(value instanceof List<?> elements)) {
            throw wrong(field, "a list", value);
        }
        List<String> texts = new ArrayList<>(elements.size());
        for (Object element : elements) {
            String text = text(element, field);
            if (text == null) {
                throw wrong(field, "a list of texts", value);
            }
            texts.add(text);
        }
        return texts;
    }

    /** An object whose values are texts; null when absent. */
    public @Nullable Map<String, String> texts(String field) {
        JsonObject object = object(field);
        if (object == null) {
            return null;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        object.fields.keySet().forEach(name -> texts.put(name, object.requiredText(name)));
        return texts;
    }

    private static @Nullable String text(@Nullable Object value, String field) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        throw wrong(field, "a text", value);
    }

    @SuppressWarnings("unchecked") // JsonTree makes no other maps.
    private static JsonObject of(@Nullable Object value, String field) {
        if (value instanceof Map<?, ?> map) {
            return new JsonObject((Map<String, @Nullable Object>) map);
        }
        throw wrong(field, "an object", value);
    }

    private static JsonException wrong(String field, String wanted, @Nullable Object value) {
        String kind =
                switch (value) {
                    case null -> "null";
                    case Map<?, ?> _ -> "an object";
                    case List<?> _ -> "a list";
                    default -> JsonTree.write(value);
                };
        return new JsonException(field + " is " + kind + ", not " + wanted, null);
    }
}
