package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is supposed to be done, or to happen, in a plan; machines by their ids, units by their
 * names.
 *
 * @param units as they would be put: with options where the text is new or another one
 */
public record PlanRequest(
        @Nullable List<String> lose,
        @Nullable List<String> drain,
        @Nullable List<String> cordon,
        @Nullable List<String> uncordon,
        @Nullable List<String> destroy,
        @Nullable List<UnitBody> units) {
    /** What is null is left out. */
    String json() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("lose", lose);
        fields.put("drain", drain);
        fields.put("cordon", cordon);
        fields.put("uncordon", uncordon);
        fields.put("destroy", destroy);
        fields.put(
                "units",
                units == null
                        ? null
                        : units.stream()
                                .map(unit -> JsonObject.read(unit.json()).fields())
                                .toList());
        fields.values().removeIf(Objects::isNull);
        return new JsonObject(fields).json();
    }
}
