package flotilla.store.apply.lease;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leader's clock over the leases. Only it says that a lease is over; what follows from that is
 * a revocation ordered by the log like any other write. Time is a parameter, in nanoseconds of a
 * clock that only grows.
 *
 * <p>Off the leader it knows no lease and answers nothing. When leadership is taken up every lease
 * gets its whole time again, or what its last checkpoint left: a lease may live longer than
 * promised, never shorter. A lease once reported as expired can't be renewed any more, because its
 * revocation may be under way.
 *
 * <p>May be called from any thread; every call is short.
 */
public final class Lessor {
    /** After this long an expired lease that is still there is reported again, in seconds. */
    static final long REPORT_AGAIN_SECONDS = 3;

    /** Leases that last longer than this, in seconds, have their remainder checkpointed. */
    public static final long CHECKPOINT_INTERVAL_SECONDS = 300;

    /** Longer leases are counted as this long, so that nanoseconds don't overflow: 100 years. */
    private static final long COUNTED_SECONDS_MAX = 100L * 365 * 24 * 3600;

    private final Map<Long, Term> terms = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private long originNanos;
    private boolean leading;

    /** What is known of one lease. */
    private static final class Term {
        final long grantedSeconds;
        long endNanos;
        boolean expired;

        /** Whether the replicated state holds less than the granted time. */
        boolean checkpointed;

        /** How many remainders were taken. */
        int checkpoints;

        Term(long grantedSeconds, long endNanos, boolean checkpointed) {
            this.grantedSeconds = grantedSeconds;
            this.endNanos = endNanos;
            this.checkpointed = checkpointed;
        }
    }

    /** When to look at a lease; void when the lease's end has moved since. */
    private record Due(long atNanos, long id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.compare(atNanos, other.atNanos);
        }
    }

    /**
     * A renewal.
     *
     * @param ttlSeconds how long the lease lasts from now
     * @param checkpointFirst whether a checkpoint of the whole time must be replicated before this
     *     is answered; else a new leader would go by an old one and end the lease early
     * @param checkpoints how many had been taken of the lease by then
     */
    public record Renewal(long ttlSeconds, boolean checkpointFirst, int checkpoints) {}

    /** Something left of a lease, for a checkpoint. */
    public record Remainder(long id, long seconds) {}

    /** Takes up counting: all leases there are, from now. */
    public synchronized void lead(Collection<Lease> leases, long nowNanos) {
        resign();
        leading = true;
        originNanos = nowNanos;
        leases.forEach(lease -> granted(lease, nowNanos));
    }

    public synchronized void resign() {
        leading = false;
        terms.clear();
        due.clear();
    }

    public synchronized boolean isLeading() {
        return leading;
    }

    /** A lease that was granted; counted from now. A known one is not counted afresh. */
    public synchronized void granted(Lease lease, long nowNanos) {
        if (!leading || terms.containsKey(lease.id())) {
            return;
        }
        long end = since(nowNanos) + nanos(lease.remainingTtlSeconds());
        boolean checkpointed = lease.remainingTtlSeconds() < lease.grantedTtlSeconds();
        terms.put(lease.id(), new Term(lease.grantedTtlSeconds(), end, checkpointed));
        due.add(new Due(end, lease.id()));
    }

    public synchronized void revoked(long id) {
        terms.remove(id);
    }

    /** Gives a lease its whole time again; empty when it isn't there or is over. */
    public synchronized Optional<Renewal> renew(long id, long nowNanos) {
        Term term = live(id, nowNanos);
        if (term == null) {
            return Optional.empty();
        }
        term.endNanos = since(nowNanos) + nanos(term.grantedSeconds);
        // The old entry in the queue finds the new end when it comes up, and is queued again.
        return Optional.of(new Renewal(term.grantedSeconds, term.checkpointed, term.checkpoints));
    }

    /** The checkpoint that a renewal asked for is replicated; void if another was taken since. */
    public synchronized void checkpointed(long id, Renewal renewal) {
        Term term = terms.get(id);
        if (term != null && term.checkpoints == renewal.checkpoints()) {
            term.checkpointed = false;
        }
    }

    /** Whole seconds left, rounded down; empty when it isn't there, 0 when over or nearly so. */
    public synchronized OptionalLong remainingSeconds(long id, long nowNanos) {
        Term term = terms.get(id);
        if (term == null) {
            return OptionalLong.empty();
        }
        long left = term.endNanos - since(nowNanos);
        return OptionalLong.of(Math.max(0, TimeUnit.NANOSECONDS.toSeconds(left)));
    }

    /**
     * Leases that are over, the longest over first; to be revoked. One that is still there a while
     * later is reported again: its revocation must have been lost.
     *
     * @param max how many at most; the rest comes with the next call
     */
    public synchronized List<Long> expired(long nowNanos, int max) {
        long now = since(nowNanos);
        List<Long> over = new ArrayList<>();
        while (over.size() < max && !due.isEmpty() && due.element().atNanos() <= now) {
            long id = due.remove().id();
            Term term = terms.get(id);
            if (term == null) {
                continue;
            }
            if (term.endNanos > now) {
                due.add(new Due(term.endNanos, id));
                continue;
            }
            term.expired = true;
            over.add(id);
            due.add(new Due(now + nanos(REPORT_AGAIN_SECONDS), id));
        }
        return over;
    }

    /** What is left of the long leases; to be replicated every checkpoint interval. */
    public synchronized List<Remainder> checkpoints(long nowNanos) {
        List<Remainder> remainders = new ArrayList<>();
        long now = since(nowNanos);
        terms.forEach((id, term) -> {
            long left = TimeUnit.NANOSECONDS.toSeconds(term.endNanos - now);
            boolean isLong = term.grantedSeconds > CHECKPOINT_INTERVAL_SECONDS;
            if (isLong && left > 0 && left < term.grantedSeconds) {
                term.checkpointed = true;
                term.checkpoints++;
                remainders.add(new Remainder(id, left));
            }
        });
        return remainders;
    }

    private @Nullable Term live(long id, long nowNanos) {
        Term term = terms.get(id);
        boolean over = term == null || term.expired || term.endNanos <= since(nowNanos);
        return over ? null : term;
    }

    /** Nanoseconds since leadership began; safe to compare and to add to. */
    private long since(long nowNanos) {
        return nowNanos - originNanos;
    }

    private static long nanos(long seconds) {
        return TimeUnit.SECONDS.toNanos(Math.min(seconds, COUNTED_SECONDS_MAX));
    }
}
