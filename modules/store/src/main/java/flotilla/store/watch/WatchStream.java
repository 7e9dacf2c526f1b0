package flotilla.store.watch;

import flotilla.platform.Registration;
import flotilla.protocol.WatchCreateRequest;
import java.util.LinkedHashSet;
import java.util.TreeMap;

/**
 * One client's watch stream. Every call only queues the request, in order, and returns; answers go
 * to the stream's {@link WatchSink}.
 */
public final class WatchStream implements Registration {
    /** Most ids remembered of watches that compaction ended. */
    private static final int ENDED_MAX = 1_000;

    private final WatchHub hub;
    private final WatchSink sink;

    /** Owned, like the fields below, by the hub's thread. */
    final TreeMap<Long, Watcher> watchers = new TreeMap<>();

    /** Watches that compaction ended: their ids stay taken until the client cancels them. */
    private final LinkedHashSet<Long> ended = new LinkedHashSet<>();

    long nextId;
    boolean closed;

    WatchStream(WatchHub hub, WatchSink sink) {
        this.hub = hub;
        this.sink = sink;
    }

    boolean isTaken(long watchId) {
        return watchers.containsKey(watchId) || ended.contains(watchId);
    }

    void endedByCompaction(long watchId) {
        ended.add(watchId);
        if (ended.size() > ENDED_MAX) {
            ended.removeFirst();
        }
    }

    /** Whether the watch had been ended by compaction; forgets it. */
    boolean forgetEnded(long watchId) {
        return ended.remove(watchId);
    }

    WatchSink sink() {
        return sink;
    }

    /**
     * Starts a watch. It is answered with {@code created}, before any event; or with {@code
     * created} and {@code canceled}, id -1 and the reason.
     */
    public void create(WatchCreateRequest request) {
        hub.submit(request.getSerializedSize(), () -> hub.create(this, request));
    }

    /**
     * Ends a watch; answered with {@code canceled}, once more if compaction had ended it already.
     * An unknown id is ignored. Both are as in etcd.
     */
    public void cancel(long watchId) {
        hub.submit(0, () -> hub.cancel(this, watchId));
    }

    /**
     * Asks how far the stream has got: answered with id -1 once no watcher of it is behind.
     * Everything up to the revision in the header has been sent by then.
     */
    public void progress() {
        hub.submit(0, () -> hub.askProgress(this));
    }

    /** Says that the sink is ready again. */
    public void resume() {
        hub.wake();
    }

    /** Ends all its watches without an answer; nothing more is sent once the hub has seen it. */
    @Override
    public void close() {
        hub.submitAlways(() -> hub.closeStream(this));
    }
}
