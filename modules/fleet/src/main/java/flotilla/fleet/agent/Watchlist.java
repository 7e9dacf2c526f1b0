package flotilla.fleet.agent;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Of which units there is something that concerns the whole machine. */
final class Watchlist {
    private final Set<String> guarded = new TreeSet<>();
    private final Set<String> unwelcome = new TreeSet<>();
    private final Set<String> written = new TreeSet<>();
    private Set<String> lastGuarded = Set.of();
    private boolean changed;

    /**
     * How it is with a unit now.
     *
     * @param life null when nothing is left of it
     */
    void note(String unit, @Nullable UnitLife life) {
        changed |= note(unit, life != null && life.isGuarded(), guarded);
        var _ = note(unit, life != null && life.mustEnd(), unwelcome);
        var _ = note(unit, life != null && life.isBeingWritten(), written);
    }

    /** Whether it has changed anything. */
    private static boolean note(String unit, boolean belongs, Set<String> all) {
        return belongs ? all.add(unit) : all.remove(unit);
    }

    /** Those that the init is to end in time: an unchangeable set, the same until it changes. */
    Set<String> guarded() {
        if (changed) {
            changed = false;
            lastGuarded = Collections.unmodifiableSet(new TreeSet<>(guarded));
        }
        return lastGuarded;
    }

    /** Those that are there and must not be, if the machine is not sure to be in the cluster. */
    List<String> unwelcome() {
        return List.copyOf(unwelcome);
    }

    /** Whether a unit's file is being written. */
    boolean isWriting() {
        return !written.isEmpty();
    }
}
