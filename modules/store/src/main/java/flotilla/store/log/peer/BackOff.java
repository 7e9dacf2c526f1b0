package flotilla.store.log.peer;

/**
 * How long to wait before a member is dialled again: shortly, for one that has just started must be
 * reached long before it stands for election (raft.md scenario 13); a little longer for one that
 * has been away for a while.
 */
final class BackOff {
    private static final long FIRST_MILLIS = 20;

    /** Half of the shortest usual election timeout. */
    private static final long USUAL_MILLIS_MAX = 500;

    /** When nobody has answered so often in a row, the wait grows to {@link #AWAY_MILLIS}. */
    private static final int AWAY_AFTER = 30;

    private static final long AWAY_MILLIS = 1_000;

    private int inARow;

    void reset() {
        inARow = 0;
    }

    /** How often in a row. */
    int failures() {
        return inARow;
    }

    long nextMillis() {
        int before = inARow++;
        return before >= AWAY_AFTER
                ? AWAY_MILLIS
                : Math.min(FIRST_MILLIS << Math.min(before, 10), USUAL_MILLIS_MAX);
    }
}
