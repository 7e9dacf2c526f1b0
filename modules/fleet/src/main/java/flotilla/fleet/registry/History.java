package flotilla.fleet.registry;

import com.google.protobuf.ByteString;
import flotilla.client.EtcdClient;
import flotilla.client.EtcdClientException;
import flotilla.client.EtcdClientException.Indeterminate;
import flotilla.client.EtcdClientException.LeaseNotFound;
import flotilla.client.EtcdClientException.Refused;
import flotilla.client.EtcdClientException.Unavailable;
import flotilla.client.KeyRange;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Deed;
import flotilla.platform.Clock;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.TxnResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done to units and machines, beside what is: below {@code history/}, which nobody follows
 * but who asks. A line is written in the transaction that does what it tells of, so there is none
 * of what did not happen. It goes after some days, with a lease that many share; and the oldest of
 * a unit go once there are many, which is counted in the same transaction. For any thread.
 */
public final class History {
    /** How long a line is kept at least; so long the store keeps its lease. */
    public static final Duration KEPT = Duration.ofDays(7);

    /** How long one writer gives its lines one lease: so many days and hours a line may last. */
    private static final Duration LEASE_SHARED = Duration.ofHours(6);

    /** Lines that are kept of one unit, or machine: some 60 kB. */
    public static final int LINES_MAX = 256;

    /** Lines beyond that at which the oldest are removed, so that not each new one removes one. */
    private static final int SURPLUS_MAX = 32;

    private static final Logger log = LoggerFactory.getLogger(History.class);

    private final Registry registry;
    private final EtcdClient client;
    private final Clock clock;
    private @Nullable Lease lease;

    private record Lease(long id, long grantedNanos) {}

    History(Registry registry, EtcdClient client, Clock clock) {
        this.registry = registry;
        this.client = client;
        this.clock = clock;
    }

    /**
     * Commits a transaction together with the lines that tell of it. That a line can't be written,
     * for the store is full, doesn't keep anything from being done: then it is done without.
     *
     * @param making makes the transaction, anew for each attempt; its operations come first
     */
    public TxnResponse commit(Supplier<Txn> making, List<Deed> deeds) {
        if (deeds.isEmpty()) {
            return making.get().commit();
        }
        try {
            return write(making, deeds);
        } catch (LeaseNotFound e) {
            forget();
        } catch (Refused e) {
            log.warn("the store refuses lines of history: {}", e.getMessage());
            return making.get().commit();
        }
        return write(making, deeds);
    }

    private TxnResponse write(Supplier<Txn> making, List<Deed> deeds) {
        long with = lease();
        Txn txn = making.get();
        deeds.forEach(deed -> txn.then(registry.put(new Entry.OfHistory(deed), with)));
        List<String> subjects = deeds.stream().map(this::subject).distinct().toList();
        subjects.forEach(subject -> txn.then(Txn.get(all(subject).setCountOnly(true).build())));
        TxnResponse response = txn.commit();
        if (response.getSucceeded()) {
            int first = response.getResponsesCount() - subjects.size();
            for (int i = 0; i < subjects.size(); i++) {
                trim(
                        subjects.get(i),
                        response.getResponses(first + i).getResponseRange().getCount());
            }
        }
        return response;
    }

    private String subject(Deed deed) {
        Layout layout = registry.layout();
        return deed.unit().isEmpty()
                ? layout.historyOfMachine(deed.machineId())
                : layout.historyOfUnit(deed.unit());
    }

    private static RangeRequest.Builder all(String prefix) {
        KeyRange range = KeyRange.prefix(prefix);
        return RangeRequest.newBuilder().setKey(range.key()).setRangeEnd(range.end());
    }

    /** Should it not succeed, the next line does it. */
    private void trim(String subject, long count) {
        if (count <= LINES_MAX + SURPLUS_MAX) {
            return;
        }
        RangeRequest oldest = all(subject).setKeysOnly(true).setLimit(count - LINES_MAX).build();
        try {
            RangeResponse read = client.get(oldest);
            if (read.getKvsCount() > 0) {
                ByteString last = read.getKvs(read.getKvsCount() - 1).getKey();
                ByteString end = last.concat(ByteString.copyFrom(new byte[1]));
                client.txn().then(Txn.delete(new KeyRange(oldest.getKey(), end))).commit();
            }
        } catch (EtcdClientException e) {
            log.debug("old lines of history stay for now: {}", e.getMessage());
        }
    }

    /**
     * @throws Unavailable also when it is unknown whether there is one more lease: that does no
     *     harm, and nothing else was done
     */
    private synchronized long lease() {
        Lease now = lease;
        if (now == null || clock.nanos() - now.grantedNanos() > LEASE_SHARED.toNanos()) {
            try {
                now = new Lease(client.grantLease(KEPT.plus(LEASE_SHARED)), clock.nanos());
            } catch (Indeterminate e) {
                throw new Unavailable("no lease for lines of history: " + e.getMessage(), e);
            }
            lease = now;
        }
        return now.id();
    }

    private synchronized void forget() {
        lease = null;
    }

    /** What is kept of a unit, oldest first. */
    public List<Deed> ofUnit(String unit) {
        return registry.list(registry.layout().historyOfUnit(unit)).stream()
                .filter(stored -> stored.entry() instanceof Entry.OfHistory)
                .sorted(Comparator.comparingLong(Stored::revision))
                .map(History::deed)
                .toList();
    }

    /**
     * The newest lines of all units and machines, oldest first.
     *
     * @param before only what comes before that
     */
    public HistoryPage newest(int limit, HistoryPlace before, Wanted wanted) {
        return new HistorySearch(registry, client, wanted).newest(limit, before);
    }

    /**
     * Which lines.
     *
     * @param named by their keys
     * @param told by what they tell; empty when their keys say all, so that others are not read
     */
    public record Wanted(Predicate<Key.OfHistory> named, Optional<Predicate<Deed>> told) {
        public static final Wanted ALL = new Wanted(_ -> true, Optional.empty());
    }

    private static Deed deed(Stored stored) {
        return ((Entry.OfHistory) stored.entry()).deed();
    }
}
