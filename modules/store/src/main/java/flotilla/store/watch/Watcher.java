package flotilla.store.watch;

import com.google.protobuf.ByteString;
import flotilla.protocol.Event;
import flotilla.protocol.WatchCreateRequest;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.KeyRange;
import flotilla.store.apply.mvcc.Revision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One watch: what it wants, and how far it has been told. Owned by the hub's thread. */
final class Watcher {
    /** Bytes of events in one answer, at most one event more. */
    private static final long BYTES_MAX = 4 << 20;

    /** What a watch takes in memory beside what it asks for, bytes. */
    private static final long OVERHEAD_BYTES = 600;

    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[1]);

    final WatchStream stream;
    final long id;
    final KeyRange range;
    private final WatchCreateRequest request;

    /** The first change it has not been told of yet; never moves back. */
    Revision position;

    /** Whether it has been told a part of a revision and not its end. */
    boolean inside;

    /** Whether anything was sent to it since the hub last looked for idle watchers. */
    boolean busy = true;

    private final List<Event> gathered = new ArrayList<>();
    private long gatheredBytes;

    /** The first change that it wanted and that found no room; what comes after has none either. */
    private @Nullable Revision missed;

    Watcher(WatchStream stream, long id, WatchCreateRequest request, long start) {
        this.stream = stream;
        this.id = id;
        this.range = rangeOf(request);
        this.request = request;
        this.position = Revision.first(start);
    }

    /** The keys asked for; an empty key stands for the first one there can be, as in etcd. */
    static KeyRange rangeOf(WatchCreateRequest request) {
        ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
        return KeyRange.of(key, request.getRangeEnd());
    }

    /** What a watch takes in memory, in bytes, about. */
    static long bytes(WatchCreateRequest request) {
        return OVERHEAD_BYTES + request.getSerializedSize();
    }

    long bytes() {
        return bytes(request);
    }

    boolean wantsProgress() {
        return request.getProgressNotify();
    }

    boolean fragments() {
        return request.getFragment();
    }

    /** Gathers a change of a key in its range, if it wants that and has not been told of it. */
    void gather(SharedEvent shared) {
        KeyChange change = shared.change();
        boolean unwanted =
                request.getFiltersList()
                        .contains(
                                change.isDeletion()
                                        ? WatchCreateRequest.FilterType.NODELETE
                                        : WatchCreateRequest.FilterType.NOPUT);
        if (unwanted || missed != null || change.at().compareTo(position) < 0) {
            return;
        }
        boolean more = gathered.isEmpty() || gatheredBytes < room();
        Event event = more ? shared.take(request.getPrevKv()) : null;
        if (event == null) {
            missed = change.at();
        } else {
            gathered.add(event);
            gatheredBytes += event.getSerializedSize();
        }
    }

    private long room() {
        return Math.min(BYTES_MAX, stream.sink().room());
    }

    boolean hasGathered() {
        return !gathered.isEmpty() || missed != null;
    }

    /**
     * What a watcher is to be told.
     *
     * @param more whether that ends inside a revision
     * @param upTo the revision in its header
     */
    record Told(List<Event> events, boolean more, long upTo) {}

    /**
     * Takes what was gathered and moves on. Only a revision that alone is too large is told in
     * parts; else what was gathered of one that is not complete is gathered again.
     *
     * @param end everything before it has been offered to {@link #gather}
     */
    Told take(Revision end) {
        Revision stop = missed == null ? end : missed;
        long complete =
                stop.isFirst()
                        ? gathered.size()
                        : gathered.stream()
                                .filter(event -> event.getKv().getModRevision() < stop.main())
                                .count();
        boolean inParts = !stop.isFirst() && complete == 0;
        Told told;
        if (inParts) {
            told = new Told(List.copyOf(gathered), true, stop.main());
            position = stop;
        } else {
            told =
                    new Told(
                            List.copyOf(gathered.subList(0, (int) complete)),
                            false,
                            stop.main() - 1);
            position = Revision.first(stop.main());
        }
        forget();
        return told;
    }

    /** Lets go of what was gathered; it is told later, from history. */
    void forget() {
        gathered.clear();
        gatheredBytes = 0;
        missed = null;
    }
}
