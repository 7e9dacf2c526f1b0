package flotilla.store.watch;

import com.google.protobuf.ByteString;
import flotilla.protocol.Event;
import flotilla.protocol.WatchCreateRequest;
import flotilla.store.apply.mvcc.Commit;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.KeyRange;
import java.util.ArrayList;
import java.util.List;

/** One watch: what it wants, and how far it has been told. Owned by the hub's thread. */
final class Watcher {
    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[1]);

    final WatchStream stream;
    final long id;
    final KeyRange range;
    private final WatchCreateRequest request;

    /** The first revision it has not been told of yet; never moves back. */
    long position;

    /** Whether anything was sent to it since the hub last looked for idle watchers. */
    boolean busy = true;

    private final List<Event> gathered = new ArrayList<>();
    private long gatheredBytes;

    Watcher(WatchStream stream, long id, WatchCreateRequest request, long position) {
        this.stream = stream;
        this.id = id;
        this.range = rangeOf(request);
        this.request = request;
        this.position = position;
    }

    /** The keys asked for; an empty key stands for the first one there can be, as in etcd. */
    static KeyRange rangeOf(WatchCreateRequest request) {
        ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
        return KeyRange.of(key, request.getRangeEnd());
    }

    boolean wantsPrevious() {
        return request.getPrevKv();
    }

    boolean wantsProgress() {
        return request.getProgressNotify();
    }

    boolean fragments() {
        return request.getFragment();
    }

    /** Gathers what it wants of a change, if its revision is new to it. */
    void gather(Commit commit, KeyChange change) {
        boolean unwanted =
                request.getFiltersList()
                        .contains(
                                change.isDeletion()
                                        ? WatchCreateRequest.FilterType.NODELETE
                                        : WatchCreateRequest.FilterType.NOPUT);
        if (commit.revision() >= position && !unwanted) {
            gathered.add(change.event(wantsPrevious()));
            gatheredBytes += change.size();
        }
    }

    /** Gathers what it wants of a commit, for those that are not found by an index. */
    void gather(Commit commit) {
        for (KeyChange change : commit.changes()) {
            if (range.contains(change.key())) {
                gather(commit, change);
            }
        }
    }

    boolean hasGathered() {
        return !gathered.isEmpty();
    }

    /** Takes what was gathered. */
    List<Event> take() {
        List<Event> events = List.copyOf(gathered);
        forget();
        return events;
    }

    /** Lets go of what was gathered; it is told later, from history. */
    void forget() {
        gathered.clear();
        gatheredBytes = 0;
    }

    long gatheredBytes() {
        return gatheredBytes;
    }
}
