package flotilla.fleet.engine;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import java.util.ArrayList;
import java.util.List;

/** What the engine hears. */
public sealed interface Event {
    /** All there is at a revision: first of all, and again whenever the thread of changes broke. */
    record Listed(List<Stored> entries, long revision) implements Event {
        public Listed {
            entries = List.copyOf(entries);
        }
    }

    /**
     * @param changes in order
     * @param revision everything up to and with it has now been heard
     */
    record Changed(List<Change> changes, long revision) implements Event {
        public Changed {
            changes = List.copyOf(changes);
        }
    }

    /**
     * A decision was carried out.
     *
     * @param number of {@link Action.Carry}
     * @param revision at which
     */
    record Done(long number, long revision) implements Event {}

    /** A decision was not carried out, and never will be: what it was decided from has changed. */
    record Refused(long number) implements Event {}

    /** Nobody knows whether a decision was carried out, or will be: the watch will tell. */
    record Unknown(long number) implements Event {}

    /** Time has passed, as {@link Action.WakeAt} asked. */
    record Tick() implements Event {}

    /** The same in fewer: changes that follow each other are one event. */
    static List<Event> together(List<Event> waiting) {
        List<Event> merged = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        long revision = 0;
        for (Event event : waiting) {
            if (event instanceof Changed(List<Change> more, long at)) {
                changes.addAll(more);
                revision = at;
            } else {
                // A listing says all that was said before it.
                changes.clear();
                merged = new ArrayList<>(List.of(event));
            }
        }
        if (!changes.isEmpty()) {
            merged.add(new Changed(changes, revision));
        }
        return merged;
    }
}
