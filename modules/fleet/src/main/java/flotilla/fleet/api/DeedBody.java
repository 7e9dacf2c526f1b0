package flotilla.fleet.api;

import flotilla.fleet.job.Deed;
import flotilla.fleet.job.JobState;
import flotilla.platform.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of history, as the API tells it; what is empty is left out. See {@link Deed}.
 *
 * @param time in RFC 3339
 * @param user who asked, and through which machine
 */
public record DeedBody(
        String time,
        String what,
        @Nullable String unit,
        @Nullable String hash,
        @Nullable String machineID,
        @Nullable String fromMachineID,
        @Nullable String desiredState,
        @Nullable Long generation,
        @Nullable String user,
        @Nullable String askedMachineID,
        @Nullable String reason) {
    static DeedBody of(Deed deed) {
        int at = deed.by().lastIndexOf('@');
        return new DeedBody(
                Instant.ofEpochMilli(deed.atMillis()).toString(),
                deed.what().text(),
                given(deed.unit()),
                given(deed.hash()),
                given(deed.machineId()),
                given(deed.fromId()),
                deed.desired().map(JobState::text).orElse(null),
                deed.generation() == 0 ? null : deed.generation(),
                at < 0 ? null : given(deed.by().substring(0, at)),
                at < 0 ? null : given(deed.by().substring(at + 1)),
                given(deed.reason()));
    }

    private static @Nullable String given(String text) {
        return text.isEmpty() ? null : text;
    }

    static DeedBody read(JsonObject json) {
        return new DeedBody(
                json.requiredText("time"),
                json.requiredText("what"),
                json.text("unit"),
                json.text("hash"),
                json.text("machineID"),
                json.text("fromMachineID"),
                json.text("desiredState"),
                json.number("generation"),
                json.text("user"),
                json.text("askedMachineID"),
                json.text("reason"));
    }

    public Instant instant() {
        return Instant.parse(time);
    }
}
