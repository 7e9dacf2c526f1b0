package flotilla.fleet.api;

import flotilla.fleet.job.Defaults;
import flotilla.platform.json.Json;
import flotilla.platform.json.JsonObject;

/**
 * What holds for units that don't say.
 *
 * @param placement {@code spread} or {@code pack}
 */
public record DefaultsBody(String placement) {
    static DefaultsBody of(Defaults defaults) {
        return new DefaultsBody(defaults.placement());
    }

    static DefaultsBody read(JsonObject body) {
        return new DefaultsBody(body.requiredText("placement"));
    }

    String json() {
        return Json.write(this);
    }
}
