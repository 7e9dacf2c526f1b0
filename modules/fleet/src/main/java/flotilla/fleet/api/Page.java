package flotilla.fleet.api;

import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, as fleet's API carries it: {@code {"units":[...],"nextPageToken":"..."}}.
 *
 * @param next asks for the page after this; empty for the last one
 */
public record Page<T>(List<T> items, String next) {
    private static final String NEXT = "nextPageToken";

    public Page {
        items = List.copyOf(items);
    }

    /**
     * What is empty is left out, as in the original.
     *
     * @param field {@code units}, {@code states} or {@code machines}
     */
    String json(String field) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put(field, items.isEmpty() ? null : items);
        object.put(NEXT, next.isEmpty() ? null : next);
        return Json.write(object);
    }

    /**
     * @param item reads one of them
     * @throws JsonException for what is no page of that
     */
    static <T> Page<T> read(String json, String field, Function<JsonObject, T> item) {
        JsonObject page = JsonObject.read(json);
        List<JsonObject> items = Objects.requireNonNullElse(page.objects(field), List.of());
        String next = Objects.requireNonNullElse(page.text(NEXT), "");
        return new Page<>(items.stream().map(item).toList(), next);
    }
}
