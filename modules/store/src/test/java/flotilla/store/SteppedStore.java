package flotilla.store;

import flotilla.protocol.KeyValue;
import flotilla.store.apply.AppliedState;
import flotilla.store.apply.BatchApplier;
import flotilla.store.apply.alarm.Alarms;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Commit;
import flotilla.store.apply.mvcc.Compaction;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.MemoryBackend;
import flotilla.store.apply.mvcc.MvccReader;
import flotilla.store.apply.mvcc.RevisionScan;
import flotilla.store.apply.mvcc.StoreState;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.watch.History;
import flotilla.store.watch.WatchHub;
import flotilla.store.watch.WatchLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store in memory without threads: the test says when the hub and the compaction move on. */
public final class SteppedStore {
    /** Small, so that compaction stops in the middle. */
    private static final int COMPACTION_ENTRIES = 5;

    /** Of every entry. */
    static final long TERM = 1;

    final MemoryBackend backend = new MemoryBackend();
    public final WatchHub hub =
            new WatchHub(new Past(), 1, 200, WatchLimits.ofThisJvm(WatchLimits.PER_STREAM, 0));

    /** All that ever happened. */
    final List<Commit> commits = new ArrayList<>();

    private AppliedState state = new AppliedState(StoreState.FRESH, Alarms.NONE, 0);
    private byte @Nullable [] next;

    public void apply(Command... commands) {
        apply(Commands.batch(commands));
    }

    public void apply(CommandBatch batch) {
        BatchApplier applier;
        try (Backend.Draft draft = backend.draft()) {
            applier = new BatchApplier(draft, state, state.store().appliedIndex() + 1, TERM);
            applier.apply(batch);
            state = applier.finish();
            draft.write();
        }
        commits.addAll(applier.commits());
        hub.publish(applier.commits());
    }

    long revision() {
        return state.store().revision();
    }

    /** Lets the hub work until it has nothing to do. */
    public void settle() {
        int steps = 0;
        while (hub.work()) {
            if (steps++ > 100_000) {
                throw new AssertionError("the hub never comes to rest");
            }
        }
    }

    void compactStep() {
        Compaction.Step step;
        try (Backend.View view = backend.view()) {
            if (!Compaction.isDue(view)) {
                return;
            }
            step = Compaction.step(view, next, COMPACTION_ENTRIES);
        }
        backend.write(step.changes());
        next = step.next();
    }

    void compactFully() {
        do {
            compactStep();
        } while (next != null);
    }

    private final class Past implements History {
        @Override
        public RevisionScan.Page read(RevisionScan.Extent extent) {
            // Pages of a few events, so that catching up takes many steps.
            RevisionScan.Extent small =
                    new RevisionScan.Extent(
                            extent.from(), extent.to(), 1000, extent.revisionBytesMax());
            try (Backend.View view = backend.view()) {
                return RevisionScan.read(MvccReader.of(view), small);
            }
        }

        @Override
        public @Nullable KeyValue previous(KeyChange change) {
            try (Backend.View view = backend.view()) {
                return RevisionScan.previous(MvccReader.of(view), change);
            }
        }
    }
}
