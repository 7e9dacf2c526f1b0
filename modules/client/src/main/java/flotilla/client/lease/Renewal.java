package flotilla.client.lease;

/**
 * One lease as its holder sees it: renewed three times per TTL, and lost when the store says so, or
 * when nobody renews it and a whole TTL has passed since the last accepted renewal was
 * <em>sent</em>: by then the store may have given its keys to somebody else.
 *
 * <p>All times are in milliseconds by one clock that only grows. For one thread.
 */
public final class Renewal {
    /** Until another member is asked, in milliseconds. */
    private static final long RETRY_MILLIS = 100;

    private final long ttlMillis;
    private long sentMillis;
    private long endMillis;
    private long dueMillis;
    private boolean lost;

    /**
     * @param sentMillis when the lease was asked for
     * @param ttlMillis how long it lasts
     */
    public Renewal(long sentMillis, long ttlMillis) {
        this.ttlMillis = ttlMillis;
        this.sentMillis = sentMillis;
        this.endMillis = sentMillis + ttlMillis;
        this.dueMillis = sentMillis;
    }

    /** Whether the store is to be asked now, unless it has been and has not answered yet. */
    public boolean isDue(long nowMillis) {
        return !lost && nowMillis >= dueMillis;
    }

    /** When it is to be asked next. */
    public long dueMillis() {
        return dueMillis;
    }

    /** How long an answer is waited for before another member is asked. */
    public long patienceMillis() {
        return ttlMillis / 3;
    }

    /**
     * The store has answered.
     *
     * @param askedMillis when that renewal was sent
     * @param leftMillis what the lease has from then on; 0 when the store does not know it any more
     */
    public void renewed(long askedMillis, long leftMillis, long nowMillis) {
        if (leftMillis <= 0) {
            lost = true;
            return;
        }
        sentMillis = askedMillis;
        endMillis = askedMillis + leftMillis;
        dueMillis = nowMillis + ttlMillis / 3;
    }

    /** Nobody has answered: the renewal may have been taken or not, and is asked for again. */
    public void failed(long nowMillis) {
        lost = lost || nowMillis >= endMillis;
        dueMillis = nowMillis + RETRY_MILLIS;
    }

    /** For good: whoever still needs a lease asks for another one. */
    public boolean isLost() {
        return lost;
    }

    /**
     * When the last renewal that was accepted was sent, or the lease asked for: the store can't
     * have let it end before a whole TTL after that.
     */
    public long sentMillis() {
        return sentMillis;
    }
}
