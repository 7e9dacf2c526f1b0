package flotilla.cli.fleetctl;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why units are not where they are wanted, said on stderr, each reason once. */
final class Reasons {
    private final FleetClient fleet;
    private final Map<String, String> said = new HashMap<>();

    Reasons(FleetClient fleet) {
        this.fleet = fleet;
    }

    /**
     * Says why a unit waits; nothing when it does not, or that was said last.
     *
     * @return whether it said something
     */
    boolean say(String unit) {
        try {
            Optional<String> fresh =
                    fleet.status(unit)
                            .map(Reasons::waits)
                            .filter(words ->
                                    !words.isEmpty() && !words.equals(said.put(unit, words)));
            fresh.ifPresent(System.err::println);
            return fresh.isPresent();
        } catch (FleetException e) {
            System.err.println(unit + " waits: " + e.getMessage());
            return false;
        }
    }

    /** Why a unit is not placed, a line per machine; empty when it is. */
    static String of(StatusBody status) {
        if (status.waiting() == null) {
            return "";
        }
        return of(status.name(), status.waiting(), status.refusals());
    }

    /** Why a unit waits: it is not placed, or its machine can't load it. */
    private static String waits(StatusBody status) {
        String reasons = of(status);
        return reasons.isEmpty()
                ? Objects.requireNonNullElse(status.states(), List.<StateBody>of()).stream()
                        .filter(state -> state.systemdLoadError() != null)
                        .map(state ->
                                "%s can't be loaded, which is tried again: %s"
                                        .formatted(state.name(), state.systemdLoadError()))
                        .collect(Collectors.joining("\n"))
                : reasons;
    }

    private static String of(
            String unit, String waiting, @Nullable List<StatusBody.RefusalBody> refusals) {
        StringBuilder words = new StringBuilder(unit + " waits: " + waiting);
        if (refusals != null) {
            refusals.forEach(refusal ->
                    words.append("\n  ")
                            .append(refusal.machine())
                            .append(": ")
                            .append(refusal.reason()));
        }
        return words.toString();
    }
}
