package flotilla.client;

import flotilla.protocol.Event;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Hears a watch, on the watch's own virtual thread, one call at a time; may block, and then the
 * server waits. One call may still be under way when the registration is closed.
 *
 * <p>When a method throws {@link EtcdClientException.Unavailable}, the watch opens again and the
 * listener hears the same once more; any other exception ends the watch.
 */
@FunctionalInterface
public interface WatchListener {
    /**
     * @param events in order of revision, all events of a revision together; never empty
     */
    void onEvents(List<Event> events);

    /**
     * The server has begun to watch: everything from here on is heard. Called again after each
     * reconnect.
     *
     * @param nextRevision the first revision that will be heard
     */
    default void onBegun(long nextRevision) {}

    /** Everything up to and with that revision has been heard. */
    default void onProgress(long revision) {}

    /**
     * The watch is over: what it should go on from has been compacted. List again and watch from
     * there.
     *
     * @param compactRevision the oldest revision still kept
     */
    default void onCompacted(long compactRevision) {
        onFailed(
                new EtcdClientException.Compacted(
                        "watch: compacted at revision " + compactRevision, compactRevision));
    }

    /** The watch is over: the server refuses it, or {@link #onEvents} threw. */
    default void onFailed(RuntimeException failure) {
        LoggerFactory.getLogger(WatchListener.class).error("an etcd watch is over", failure);
    }
}
