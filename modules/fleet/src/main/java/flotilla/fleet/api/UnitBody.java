package flotilla.fleet.api;

import flotilla.fleet.job.JobState;
import flotilla.platform.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A unit as the API shows and takes it.
 *
 * @param currentState only shown; absent for global units
 * @param machineID only shown: the machine it belongs to
 */
public record UnitBody(
        @Nullable String name,
        @Nullable List<UnitOption> options,
        @Nullable String desiredState,
        @Nullable String currentState,
        @Nullable String machineID) {
    UnitBody current(JobState state) {
        return new UnitBody(name, options, desiredState, state.text(), machineID);
    }

    /** What is null is left out. */
    String json() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put(
                "options",
                options == null ? null : options.stream().map(UnitOption::fields).toList());
        fields.put("desiredState", desiredState);
        fields.put("currentState", currentState);
        fields.put("machineID", machineID);
        fields.values().removeIf(Objects::isNull);
        return new JsonObject(fields).json();
    }

    static UnitBody read(JsonObject json) {
        List<JsonObject> options = json.objects("options");
        return new UnitBody(
                json.text("name"),
                options == null ? null : options.stream().map(UnitOption::read).toList(),
                json.text("desiredState"),
                json.text("currentState"),
                json.text("machineID"));
    }
}
