package flotilla.fleet.api;

import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Past;
import flotilla.platform.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was done, oldest first.
 *
 * @param knownSince in RFC 3339; of what was before, lines may be missing
 * @param moment what was asked for, of a unit
 * @param older of all units: what to ask for as {@code before} to read on; absent at the end
 */
public record HistoryBody(
        List<DeedBody> lines,
        @Nullable String knownSince,
        @Nullable MomentBody moment,
        @Nullable String older) {
    public HistoryBody {
        lines = List.copyOf(lines);
    }

    /**
     * Where a unit was at a time.
     *
     * @param desiredState absent when nothing was wanted, or that is not known any more
     */
    public record MomentBody(String time, @Nullable String desiredState, List<StayBody> machines) {
        public MomentBody {
            machines = List.copyOf(machines);
        }

        static MomentBody of(Instant time, Past.Moment moment) {
            return new MomentBody(
                    time.toString(),
                    moment.desired().map(JobState::text).orElse(null),
                    moment.stays().stream().map(StayBody::of).toList());
        }

        private static MomentBody read(JsonObject json) {
            return new MomentBody(
                    json.requiredText("time"),
                    json.text("desiredState"),
                    items(json, "machines", StayBody::read));
        }
    }

    /**
     * @param leaving whether the machine had been told to give it up
     * @param since in RFC 3339; absent when it is not kept any more
     */
    public record StayBody(
            String machineID, boolean leaving, @Nullable String since, @Nullable String reason) {
        private static StayBody of(Past.Stay stay) {
            return new StayBody(
                    stay.machineId(),
                    stay.leaving(),
                    stay.came()
                            .map(deed -> Instant.ofEpochMilli(deed.atMillis()).toString())
                            .orElse(null),
                    stay.came().map(deed -> deed.reason()).orElse(null));
        }

        private static StayBody read(JsonObject json) {
            return new StayBody(
                    json.requiredText("machineID"),
                    json.flag("leaving"),
                    json.text("since"),
                    json.text("reason"));
        }
    }

    static HistoryBody read(JsonObject json) {
        JsonObject moment = json.object("moment");
        return new HistoryBody(
                items(json, "lines", DeedBody::read),
                json.text("knownSince"),
                moment == null ? null : MomentBody.read(moment),
                json.text("older"));
    }

    private static <T> List<T> items(JsonObject json, String field, Function<JsonObject, T> item) {
        return Objects.requireNonNullElse(json.objects(field), List.<JsonObject>of()).stream()
                .map(item)
                .toList();
    }
}
