package flotilla.fleet.api;

import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * @throws JsonException for what is no page of that
     */
    static <T> Page<T> read(String json, String field, Class<T> type) {
        Map<String, @Nullable Object> object = Json.readObject(json);
        List<T> items = new ArrayList<>();
        if (object.get(field) instanceof List<?> given) {
            items.addAll(Json.readList(Json.write(given), type));
        }
        return new Page<>(items, object.get(NEXT) instanceof String token ? token : "");
    }
}
