package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import flotilla.units.UnitFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be rolled out, and how. What is absent is as {@link
 * flotilla.fleet.job.Rollout.Policy#DEFAULT} says.
 *
 * @param name of a template, or of one unit that is no instance
 * @param options the new text
 * @param replace also while another rollout of it has not come to its end
 */
public record RolloutRequest(
        @Nullable String name,
        @Nullable List<UnitOption> options,
        @Nullable Integer parallelism,
        @Nullable Long minHealthyMillis,
        @Nullable Long deadlineMillis,
        @Nullable Boolean autoUndo,
        boolean replace) {
    /** As the defaults say. */
    public static RolloutRequest of(String name, UnitFile text) {
        return new RolloutRequest(name, UnitOption.of(text), null, null, null, null, false);
    }

    /** What is null is left out. */
    String json() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put(
                "options",
                options == null ? null : options.stream().map(UnitOption::fields).toList());
        fields.put("parallelism", parallelism);
        fields.put("minHealthyMillis", minHealthyMillis);
        fields.put("deadlineMillis", deadlineMillis);
        fields.put("autoUndo", autoUndo);
        fields.put("replace", replace);
        fields.values().removeIf(Objects::isNull);
        return new JsonObject(fields).json();
    }
}
