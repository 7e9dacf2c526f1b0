package flotilla.fleet.registry;

import flotilla.fleet.cluster.Change;
import java.util.List;

/** Hears what changes from a revision on; called by one thread at a time. */
public interface TailListener {
    /** All that one revision changed of what is ours, which may be nothing. */
    void changed(List<Change> changes, long revision);

    /**
     * Nothing more comes.
     *
     * @param compacted whether what comes next is not to be had any more: it has to be listed
     */
    void ended(boolean compacted);
}
