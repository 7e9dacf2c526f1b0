package flotilla.store.watch;

import flotilla.store.apply.mvcc.Commit;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.Revision;
import flotilla.store.apply.mvcc.RevisionScan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The watchers that are behind. They take turns: each step reads one page of history for the one
 * whose turn it is, and all others that are within that page read along, so neither one far behind
 * nor a thousand at the same place hold up the rest.
 */
final class CatchUp {
    private final History history;
    private final Set<Watcher> lagging = new LinkedHashSet<>();

    CatchUp(History history) {
        this.history = history;
    }

    void add(Watcher watcher) {
        lagging.add(watcher);
    }

    void remove(Watcher watcher) {
        lagging.remove(watcher);
    }

    /**
     * Reads one page up to what the hub has dispatched.
     *
     * @return whether a watcher whose sink is ready is still behind
     */
    boolean step(WatchHub hub, long dispatched) {
        // Whoever waits for what is still to come has nothing to catch up with.
        lagging.stream()
                .filter(watcher -> watcher.position.main() > dispatched)
                .toList()
                .forEach(watcher -> settle(hub, watcher, dispatched));
        List<Watcher> ready = new ArrayList<>();
        for (Watcher watcher : lagging) {
            if (watcher.stream.sink().ready()) {
                ready.add(watcher);
            }
        }
        if (ready.isEmpty()) {
            return false;
        }
        Revision from = ready.getFirst().position;
        RevisionScan.Page page =
                history.read(
                        new RevisionScan.Extent(
                                from,
                                dispatched,
                                WatchHub.STEP_BYTES_MAX,
                                WatchHub.REVISION_BYTES_MAX));
        List<Watcher> along = new ArrayList<>();
        for (Watcher watcher : ready) {
            if (watcher.position.main() < page.compactRevision()) {
                hub.compacted(watcher, page.compactRevision());
            } else if (watcher.position.compareTo(from) >= 0
                    && watcher.position.compareTo(page.next()) < 0) {
                along.add(watcher);
            }
        }
        tell(hub, along, page);
        along.forEach(watcher -> settle(hub, watcher, dispatched));
        return lagging.stream().anyMatch(watcher -> watcher.stream.sink().ready());
    }

    private void tell(WatchHub hub, List<Watcher> along, RevisionScan.Page page) {
        StepRoom room = new StepRoom();
        for (Commit commit : page.commits()) {
            for (KeyChange change : commit.changes()) {
                SharedEvent shared = new SharedEvent(change, history, room);
                for (Watcher watcher : along) {
                    if (watcher.range.contains(change.key())) {
                        watcher.gather(shared);
                    }
                }
            }
        }
        along.forEach(watcher -> hub.answers().events(watcher, page.next()));
    }

    /** Its turn is over: synced if it has arrived, else to the end of the line. */
    private void settle(WatchHub hub, Watcher watcher, long dispatched) {
        lagging.remove(watcher);
        if (watcher.position.main() > dispatched) {
            hub.sync(watcher);
        } else {
            lagging.add(watcher);
        }
    }
}
