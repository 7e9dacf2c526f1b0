package flotilla.store.apply.mvcc;

import java.util.List;

/**
 * Changes of one revision, in order.
 *
 * @param whole whether they are all; if not, history has the rest
 */
public record Commit(long revision, List<KeyChange> changes, boolean whole) {
    public Commit {
        changes = List.copyOf(changes);
    }

    /** About how much memory it takes, in bytes. */
    public long size() {
        return changes.stream().mapToLong(KeyChange::size).sum();
    }
}
