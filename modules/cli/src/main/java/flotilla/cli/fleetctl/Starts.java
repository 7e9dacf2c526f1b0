package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.StateBody;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How units that were just started fare, each on all its machines. */
final class Starts {
    private final Map<String, Map<String, Settling>> units = new HashMap<>();
    private final Map<String, String> failed = new TreeMap<>();

    /**
     * @param everywhere what machines say of the unit; one that is not named has it no more
     */
    void see(String unit, List<StateBody> everywhere, long nowNanos) {
        Map<String, Settling> before = units.getOrDefault(unit, Map.of());
        Map<String, Settling> now = new HashMap<>();
        for (StateBody state : everywhere) {
            String machine = String.valueOf(state.machineID());
            Settling settling = before.getOrDefault(machine, new Settling());
            settling.see(state, nowNanos);
            now.put(machine, settling);
        }
        units.put(unit, now);
    }

    /**
     * Drops the units of which it is known how they fare.
     *
     * @return after how many nanoseconds to ask again when no state changes
     */
    long settle(Set<String> left, long nowNanos) {
        long againNanos = Long.MAX_VALUE;
        for (Iterator<String> waiting = left.iterator(); waiting.hasNext(); ) {
            String unit = waiting.next();
            Map<String, Settling> places = units.getOrDefault(unit, Map.of());
            long leftNanos =
                    places.values().stream()
                            .mapToLong(place -> place.leftNanos(nowNanos))
                            .max()
                            .orElse(Long.MAX_VALUE);
            if (leftNanos > 0) {
                againNanos = Math.min(againNanos, leftNanos);
            } else {
                places.values().forEach(place -> note(unit, place, nowNanos));
                waiting.remove();
            }
        }
        return againNanos;
    }

    private void note(String unit, Settling place, long nowNanos) {
        switch (place.verdict(nowNanos)) {
            case WAITS, RUNS -> {}
            case ENDED -> System.err.println("Unit " + unit + " has run and ended");
            case FAILED ->
                    failed.put(
                            unit,
                            place.isLoaded()
                                    ? unit + " failed"
                                    : unit + " can't be loaded (" + place.seen() + ")");
            case RESTARTS -> failed.put(unit, unit + " keeps being restarted");
        }
    }

    /**
     * @throws CommandFailure when some did not start, or do not last
     */
    void requireGood() {
        if (!failed.isEmpty()) {
            String first = failed.keySet().iterator().next();
            throw new CommandFailure(
                    "launched, but not running: %s: 'flotilla status %s' says more"
                            .formatted(String.join(", ", failed.values()), first));
        }
    }
}
