package flotilla.store.watch;

import flotilla.protocol.WatchResponse;

/**
 * Where the answers of one watch stream go. {@link #send} is called by the hub's one thread only.
 * No method may block or throw.
 */
public interface WatchSink {
    /**
     * Whether events may be sent now. While not, the hub remembers only how far each watcher has
     * got and reads the rest from history later; whoever turns ready again calls {@link
     * WatchStream#resume}.
     */
    boolean ready();

    /**
     * How many bytes of events should be sent at once now; the first event is sent whatever it
     * takes.
     */
    default long room() {
        return Long.MAX_VALUE;
    }

    /** Takes one response, its header holding the revision only, in the order they must go out. */
    void send(WatchResponse response);
}
