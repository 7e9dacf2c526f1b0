package flotilla.platform.door;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each client. One that has rested until its bucket is full again is forgotten,
 * as it would be met anew; while there are too many to remember, those that come on top share one
 * bucket. Pure; for one thread at a time.
 */
public final class RateLimit {
    private static final double NANOS = 1e9;

    /** In place of an address, for those that are too many. */
    private static final String THE_OTHERS = "the others";

    private final double perSecond;
    private final double burst;
    private final int clientsMax;

    /** The one that asked longest ago comes first. */
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    private record Bucket(double left, long filledNanos) {}

    /**
     * @param perSecond what a bucket gains
     * @param burst what it holds
     * @param clientsMax how many have one of their own
     */
    public RateLimit(int perSecond, int burst, int clientsMax) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.clientsMax = clientsMax;
    }

    /** Whether the client may just now; takes from its bucket if so. */
    public boolean tryTake(String client, long nowNanos) {
        forgetTheRested(nowNanos);
        boolean known = buckets.containsKey(client) || buckets.size() < clientsMax;
        String whose = known ? client : THE_OTHERS;
        Bucket bucket = buckets.get(whose);
        double left = bucket == null ? burst : left(bucket, nowNanos);
        boolean taken = left >= 1;
        buckets.put(whose, new Bucket(taken ? left - 1 : left, nowNanos));
        return taken;
    }

    private double left(Bucket bucket, long nowNanos) {
        double gained = (nowNanos - bucket.filledNanos()) / NANOS * perSecond;
        return Math.min(burst, bucket.left() + gained);
    }

    private void forgetTheRested(long nowNanos) {
        Iterator<Bucket> longestAgoFirst = buckets.values().iterator();
        while (longestAgoFirst.hasNext() && left(longestAgoFirst.next(), nowNanos) >= burst) {
            longestAgoFirst.remove();
        }
    }

    /** How many clients are remembered, the one for the others included. */
    int remembered() {
        return buckets.size();
    }
}
