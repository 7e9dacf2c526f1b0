package flotilla.store.apply.mvcc;

/** What changes come to, without the changes. */
public final class ChangeCount {
    private long changes;
    private long keysMade;
    private long putBytes;

    void add(KeyChange change) {
        changes++;
        if (change.isDeletion()) {
            keysMade--;
        } else {
            keysMade += change.hasPrevious() ? 0 : 1;
            putBytes += change.key().size() + change.kv().getValue().size();
        }
    }

    public void add(ChangeCount other) {
        changes += other.changes;
        keysMade += other.keysMade;
        putBytes += other.putBytes;
    }

    public long changes() {
        return changes;
    }

    /** Keys made less keys gone. */
    public long keysMade() {
        return keysMade;
    }

    /** Keys and values of all puts. */
    public long putBytes() {
        return putBytes;
    }
}
