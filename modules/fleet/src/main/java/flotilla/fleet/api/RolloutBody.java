package flotilla.fleet.api;

import flotilla.fleet.job.Rollout;
import flotilla.platform.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rollout, as the API shows it.
 *
 * @param phase running, paused, undoing, done, undone or failed
 * @param reason why it came to this; empty when it was just begun, or all went well
 * @param sinceMillis wall clock, in milliseconds since 1970
 * @param by who began it, as far as they said
 * @param units in the order in which they go; absent where several rollouts are shown
 */
public record RolloutBody(
        String name,
        String hash,
        String phase,
        String reason,
        long sinceMillis,
        String by,
        PolicyBody policy,
        @Nullable List<Member> units) {
    /** As {@link Rollout.Policy}. */
    public record PolicyBody(
            long parallelism, long minHealthyMillis, long deadlineMillis, boolean autoUndo) {}

    /**
     * One unit of the set; a global one on one of its machines.
     *
     * @param text new, old, or other: then somebody gave it one of its own, and it is left alone
     * @param desiredState as of the unit
     * @param machineID the machine it belongs to; absent while it has none
     * @param health how it fares with what is asked of it now, in words
     */
    public record Member(
            String name,
            String text,
            String desiredState,
            @Nullable String machineID,
            String health) {
        static Member read(JsonObject json) {
            return new Member(
                    json.requiredText("name"),
                    json.requiredText("text"),
                    json.requiredText("desiredState"),
                    json.text("machineID"),
                    Objects.requireNonNullElse(json.text("health"), ""));
        }

        public boolean isNew() {
            return text.equals("new");
        }
    }

    static RolloutBody of(Rollout rollout, @Nullable List<Member> units) {
        Rollout.Policy policy = rollout.policy();
        return new RolloutBody(
                rollout.name(),
                rollout.hash(),
                rollout.phase().text(),
                rollout.stage().reason(),
                rollout.stage().sinceMillis(),
                rollout.by(),
                new PolicyBody(
                        policy.parallelism(),
                        policy.minHealthyMillis(),
                        policy.deadlineMillis(),
                        policy.autoUndo()),
                units);
    }

    static RolloutBody read(JsonObject json) {
        JsonObject policy = Objects.requireNonNull(json.object("policy"), "policy");
        List<JsonObject> units = json.objects("units");
        return new RolloutBody(
                json.requiredText("name"),
                json.requiredText("hash"),
                json.requiredText("phase"),
                Objects.requireNonNullElse(json.text("reason"), ""),
                json.number("sinceMillis"),
                Objects.requireNonNullElse(json.text("by"), ""),
                new PolicyBody(
                        policy.number("parallelism"),
                        policy.number("minHealthyMillis"),
                        policy.number("deadlineMillis"),
                        policy.flag("autoUndo")),
                units == null ? null : units.stream().map(Member::read).toList());
    }
}
