package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.OnLost;
import flotilla.fleet.job.Sighting;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Since when machines are gone, by this engine's own monotonic clock: from when it heard that the
 * lease had ended, or from when it first looked. Only when a machine's fence has passed since then
 * is it sure that it has stopped what must not run twice.
 */
final class Absences {
    private final Map<String, Long> goneMillis = new HashMap<>();

    /** The machine's key has gone; once more, when it was back meanwhile. */
    void gone(String machine, long monotonicMillis) {
        goneMillis.put(machine, monotonicMillis);
    }

    /** The thread of changes broke: machines may have come and gone meanwhile. */
    void restart() {
        goneMillis.clear();
    }

    /**
     * From when on another machine may have what that one had; empty while that one is there.
     *
     * @param onLost the unit's; that of one that nobody knows any more is {@link OnLost#STOP}
     */
    OptionalLong freeAt(Cluster cluster, String machine, OnLost onLost, long monotonicMillis) {
        if (cluster.hasMachine(machine)) {
            return OptionalLong.empty();
        }
        long since = goneMillis.computeIfAbsent(machine, _ -> monotonicMillis);
        // One that only said that it would go may have died while its units stopped.
        boolean surelyStopped = onLost == OnLost.KEEP || cluster.hasStopped(machine);
        return OptionalLong.of(surelyStopped ? since : since + fenceMillis(cluster, machine));
    }

    private static long fenceMillis(Cluster cluster, String machine) {
        return cluster.sighting(machine)
                .map(seen -> seen.value())
                .map(Sighting::fenceMillis)
                .orElse(Machine.FENCE_MILLIS);
    }
}
