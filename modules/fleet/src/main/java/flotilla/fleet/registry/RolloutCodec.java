package flotilla.fleet.registry;

import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.platform.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How rollouts are written. A phase that this version does not know is refused. */
final class RolloutCodec {
    private RolloutCodec() {}

    private record RolloutValue(
            @Nullable String hash,
            @Nullable String before,
            @Nullable List<String> from,
            @Nullable PolicyValue policy,
            @Nullable String phase,
            @Nullable String reason,
            long since,
            @Nullable String by) {}

    private record PolicyValue(
            int parallelism, long minHealthyMillis, long deadlineMillis, boolean autoUndo) {}

    static String encode(Rollout rollout) {
        return Json.write(value(rollout));
    }

    private static RolloutValue value(Rollout rollout) {
        Policy policy = rollout.policy();
        return new RolloutValue(
                rollout.hash(),
                rollout.before().orElse(null),
                rollout.from().stream().sorted().toList(),
                new PolicyValue(
                        policy.parallelism(),
                        policy.minHealthyMillis(),
                        policy.deadlineMillis(),
                        policy.autoUndo()),
                rollout.phase().text(),
                rollout.stage().reason().isEmpty() ? null : rollout.stage().reason(),
                rollout.stage().sinceMillis(),
                rollout.by().isEmpty() ? null : rollout.by());
    }

    static Rollout decode(String set, String text) {
        RolloutValue value = Json.read(text, RolloutValue.class);
        PolicyValue policy = value.policy();
        if (policy == null) {
            throw new IllegalArgumentException("policy is missing");
        }
        String word = Codec.required("phase", value.phase());
        Phase phase =
                Phase.of(word)
                        .orElseThrow(() -> new IllegalArgumentException("no such phase: " + word));
        return new Rollout(
                set,
                Codec.required("hash", value.hash()),
                Optional.ofNullable(value.before()),
                Set.copyOf(Objects.requireNonNullElse(value.from(), List.<String>of())),
                new Policy(
                        policy.parallelism(),
                        policy.minHealthyMillis(),
                        policy.deadlineMillis(),
                        policy.autoUndo()),
                new Stage(phase, Objects.requireNonNullElse(value.reason(), ""), value.since()),
                Objects.requireNonNullElse(value.by(), ""));
    }
}
