package flotilla.store.log.wal;

import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import java.util.List;

/**
 * What no member ever has to store, so that storing it would be a mistake of the program: it stops
 * before the disk has it.
 */
final class StoredOrder {
    private StoredOrder() {}

    /**
     * @throws IllegalStateException if the batch leaves a gap or takes back what was committed, if
     *     the term goes back, or a vote is given twice in a term (thesis 3.4, 3.6)
     */
    static void check(StoredEntries stored, HardState before, List<Entry> batch, HardState next) {
        long last = stored.last();
        if (!batch.isEmpty()) {
            checkBatch(batch, last, Math.max(before.commit(), stored.begin()));
            last = batch.getLast().index();
        }
        boolean sameTerm = next.term() == before.term();
        if (next.term() < before.term() || next.commit() < before.commit()) {
            throw new IllegalStateException("%s can't follow %s".formatted(next, before));
        }
        if (sameTerm && before.vote() != 0 && next.vote() != before.vote()) {
            throw new IllegalStateException("%s takes back the vote of %s".formatted(next, before));
        }
        if (next.commit() > last) {
            throw new IllegalStateException(
                    "%s commits more than the log has, %d".formatted(next, last));
        }
    }

    private static void checkBatch(List<Entry> batch, long last, long committed) {
        long first = batch.getFirst().index();
        if (first > last + 1) {
            throw new IllegalStateException(
                    "entry %d can't follow entry %d".formatted(first, last));
        }
        if (first <= committed) {
            throw new IllegalStateException(
                    "entry %d is to replace one that is committed: all up to %d are"
                            .formatted(first, committed));
        }
        for (int i = 1; i < batch.size(); i++) {
            Entry entry = batch.get(i);
            Entry before = batch.get(i - 1);
            if (entry.index() != before.index() + 1 || entry.term() < before.term()) {
                throw new IllegalStateException("%s can't follow %s".formatted(entry, before));
            }
        }
    }
}
