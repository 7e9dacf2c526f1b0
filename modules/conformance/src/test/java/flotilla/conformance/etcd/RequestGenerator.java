package flotilla.conformance.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseLeasesRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseTimeToLiveRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.WatchCancelRequest;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchRequest;
import java.util.random.RandomGenerator;

/**
 * An endless stream of requests from a seed: mostly sensible, often borderline, sometimes wrong.
 * The same seed and the same answers give the same requests.
 */
final class RequestGenerator {
    /** Seconds: none runs out during a test. */
    private static final long LEASE_TTL_MIN = 3_600;

    private static final long LEASE_TTL_TOO_LARGE = 9_000_000_001L;
    private static final int LEASE_IDS = 12;
    private static final long UNKNOWN_LEASE = 999;

    private final RandomGenerator random;
    private final History history;
    private final boolean single;
    private final Keys keys;
    private final TxnGenerator txns;

    /**
     * @param single whether one member is asked, not any of a cluster, where a serializable read
     *     may be answered from the past
     */
    RequestGenerator(RandomGenerator random, History history, boolean single) {
        this.random = random;
        this.single = single;
        this.history = history;
        this.keys = new Keys(random);
        this.txns = new TxnGenerator(random, keys, this, single);
    }

    Message next() {
        int choice = random.nextInt(100);
        if (choice < 30) {
            return put();
        }
        if (choice < 52) {
            return range();
        }
        if (choice < 60) {
            return delete();
        }
        if (choice < 80) {
            return txns.txn(0);
        }
        if (choice < 82) {
            return compact();
        }
        if (choice < 93) {
            return lease();
        }
        return choice < 97 ? watch() : hashKv();
    }

    PutRequest put() {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(keys.keyOrNone());
        boolean ignoreValue = oneIn(15);
        boolean ignoreLease = oneIn(15);
        if (!ignoreValue || oneIn(5)) {
            put.setValue(keys.value());
        }
        if (oneIn(4) && (!ignoreLease || oneIn(5))) {
            put.setLease(leaseId());
        }
        return put.setIgnoreValue(ignoreValue)
                .setIgnoreLease(ignoreLease)
                .setPrevKv(oneIn(3))
                .build();
    }

    RangeRequest range() {
        ByteString key = keys.keyOrNone();
        RangeRequest.Builder range =
                RangeRequest.newBuilder()
                        .setKey(key)
                        .setRangeEnd(keys.rangeEnd(key))
                        .setSerializable(single && oneIn(3))
                        .setKeysOnly(oneIn(8))
                        .setCountOnly(oneIn(10));
        if (oneIn(3)) {
            range.setLimit(random.nextInt(6));
        }
        if (oneIn(3)) {
            range.setRevision(revision());
        }
        if (oneIn(2)) {
            sort(range);
        }
        if (oneIn(6)) {
            range.setMinModRevision(near()).setMaxModRevision(oneIn(2) ? 0 : near());
        }
        if (oneIn(6)) {
            range.setMinCreateRevision(near()).setMaxCreateRevision(oneIn(2) ? 0 : near());
        }
        return range.build();
    }

    /**
     * etcd's sort leaves equals in any order once there are more than a dozen, so what is sorted by
     * anything but the key is one branch. Orders that the protocol does not know stay out: 3.4
     * ignores them, later versions and ours refuse them.
     */
    private void sort(RangeRequest.Builder range) {
        int target = random.nextInt(5);
        range.setSortOrderValue(random.nextInt(3)).setSortTargetValue(target);
        if (target != RangeRequest.SortTarget.KEY_VALUE) {
            ByteString branch = keys.branch();
            range.setKey(branch).setRangeEnd(Keys.prefixEnd(branch));
        }
    }

    DeleteRangeRequest delete() {
        ByteString key = keys.keyOrNone();
        ByteString end = oneIn(2) ? ByteString.EMPTY : keys.rangeEnd(key);
        boolean nearlyAll = end.size() == 1 && end.byteAt(0) == 0;
        return DeleteRangeRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(nearlyAll && !oneIn(4) ? ByteString.EMPTY : end)
                .setPrevKv(oneIn(2))
                .build();
    }

    private CompactionRequest compact() {
        long span = history.revision() - history.compacted();
        long at =
                switch (random.nextInt(8)) {
                    case 0 -> history.compacted();
                    case 1 -> history.revision() + 1 + random.nextInt(3);
                    case 2 -> history.revision();
                    default -> history.compacted() + 1 + random.nextLong(Math.max(1, span));
                };
        return CompactionRequest.newBuilder().setRevision(at).setPhysical(oneIn(2)).build();
    }

    private Message lease() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> grant();
            case 3 -> LeaseRevokeRequest.newBuilder().setID(leaseId()).build();
            case 4, 5 -> LeaseKeepAliveRequest.newBuilder().setID(leaseId()).build();
            case 6, 7 ->
                    LeaseTimeToLiveRequest.newBuilder().setID(leaseId()).setKeys(oneIn(2)).build();
            default -> LeaseLeasesRequest.getDefaultInstance();
        };
    }

    private LeaseGrantRequest grant() {
        long ttl = oneIn(20) ? LEASE_TTL_TOO_LARGE : LEASE_TTL_MIN + random.nextInt(1_000);
        return LeaseGrantRequest.newBuilder()
                .setID(1L + random.nextInt(LEASE_IDS))
                .setTTL(ttl)
                .build();
    }

    private Message watch() {
        if (oneIn(4)) {
            return WatchRequest.newBuilder()
                    .setCancelRequest(
                            WatchCancelRequest.newBuilder().setWatchId(random.nextInt(20)))
                    .build();
        }
        ByteString key = oneIn(2) ? keys.branch() : keys.key();
        WatchCreateRequest.Builder create =
                WatchCreateRequest.newBuilder()
                        .setKey(key)
                        .setPrevKv(oneIn(2))
                        .setFragment(oneIn(4));
        create.setRangeEnd(oneIn(2) ? Keys.prefixEnd(key) : keys.rangeEnd(key));
        if (oneIn(2)) {
            create.setStartRevision(watchStart());
        }
        if (oneIn(4)) {
            create.addFiltersValue(random.nextInt(2));
        }
        return WatchRequest.newBuilder().setCreateRequest(create).build();
    }

    /**
     * Not the compacted revision itself: etcd serves it, but whether a deletion made there is still
     * told depends on how far its compaction has come.
     */
    private long watchStart() {
        long start = oneIn(6) ? history.revision() + 1 + random.nextInt(5) : past();
        return start == history.compacted() ? start + 1 : start;
    }

    HashKVRequest hashKv() {
        return HashKVRequest.newBuilder().setRevision(oneIn(2) ? 0 : revision()).build();
    }

    /** A lease that was granted, or one that was not. */
    long leaseId() {
        if (history.leases().isEmpty() || oneIn(12)) {
            return oneIn(2) ? UNKNOWN_LEASE : 1L + random.nextInt(LEASE_IDS);
        }
        return history.leases().get(random.nextInt(history.leases().size()));
    }

    /** Any revision: the past, the compacted past, the future. */
    private long revision() {
        return oneIn(12) ? history.revision() + 1 + random.nextInt(3) : past();
    }

    private long past() {
        long from = oneIn(8) ? 1 : Math.max(1, history.compacted());
        return from + random.nextLong(Math.max(1, history.revision() - from + 1));
    }

    /** A revision among the last hundred. */
    long near() {
        return Math.max(1, history.revision() - random.nextInt(100));
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }
}
