package flotilla.fleet.registry;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import java.util.List;

/** Hears what is under a prefix, one call at a time. */
public interface ChangeListener {
    /** All there is at a revision: first of all, and again whenever the thread of changes broke. */
    void reset(List<Stored> all, long revision);

    /**
     * @param changes in order
     * @param revision everything up to and with it has now been heard
     */
    void changed(List<Change> changes, long revision);
}
