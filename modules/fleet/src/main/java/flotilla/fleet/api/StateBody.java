package flotilla.fleet.api;

import flotilla.fleet.job.PublishedState;
import flotilla.platform.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What one machine's init says of one unit, as the API shows it. */
public record StateBody(
        @Nullable String name,
        @Nullable String hash,
        @Nullable String machineID,
        @Nullable String systemdLoadState,
        @Nullable String systemdActiveState,
        @Nullable String systemdSubState) {
    static StateBody of(PublishedState state) {
        return new StateBody(
                state.unit(),
                state.hash(),
                state.machineId(),
                state.load(),
                state.active(),
                state.sub());
    }

    static StateBody read(JsonObject json) {
        return new StateBody(
                json.text("name"),
                json.text("hash"),
                json.text("machineID"),
                json.text("systemdLoadState"),
                json.text("systemdActiveState"),
                json.text("systemdSubState"));
    }
}
