package flotilla.fleet.api;

import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.PublishedState;
import flotilla.platform.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What one machine's init says of one unit, as the API shows it.
 *
 * @param systemdLoadError why the machine can't load it; absent when it can (fleet has no such
 *     field)
 * @param health {@code healthy}, {@code unhealthy: connection refused} and so on; absent while
 *     nothing is known of it (fleet has no such field)
 */
public record StateBody(
        @Nullable String name,
        @Nullable String hash,
        @Nullable String machineID,
        @Nullable String systemdLoadState,
        @Nullable String systemdActiveState,
        @Nullable String systemdSubState,
        @Nullable String systemdLoadError,
        @Nullable String health) {
    static StateBody of(PublishedState state) {
        return new StateBody(
                state.unit(),
                state.hash(),
                state.machineId(),
                state.load(),
                state.active(),
                state.sub(),
                state.loadError().isEmpty() ? null : state.loadError(),
                state.health().verdict() == Verdict.UNKNOWN && state.health().words().isEmpty()
                        ? null
                        : state.health().text());
    }

    static StateBody read(JsonObject json) {
        return new StateBody(
                json.text("name"),
                json.text("hash"),
                json.text("machineID"),
                json.text("systemdLoadState"),
                json.text("systemdActiveState"),
                json.text("systemdSubState"),
                json.text("systemdLoadError"),
                json.text("health"));
    }
}
