package flotilla.store.apply.mvcc;

import java.util.List;

/** All changes of one revision, in order. Never empty. */
public record Commit(long revision, List<KeyChange> changes) {
    public Commit {
        changes = List.copyOf(changes);
    }

    /** About how much memory it takes, in bytes. */
    public int size() {
        return changes.stream().mapToInt(KeyChange::size).sum();
    }
}
