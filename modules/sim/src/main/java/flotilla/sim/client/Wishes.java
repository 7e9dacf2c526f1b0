package flotilla.sim.client;

import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Request;
import flotilla.sim.model.Request.Compare;
import flotilla.sim.promise.Promises;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What clients ask for: few keys, so that they meet; every value and lease once, so that it is
 * known by it.
 */
public final class Wishes {
    /** Longest a lease is granted for, seconds. */
    private static final int TTL_SECONDS_MAX = 4;

    private static final int LEASES_REMEMBERED = 6;

    private final RandomGenerator random;
    private final Promises promises;
    private final int keys;
    private final List<Long> leases = new ArrayList<>();
    private long made;

    public Wishes(RandomGenerator random, Promises promises, int keys) {
        this.random = random;
        this.promises = promises;
        this.keys = keys;
    }

    /** A write; the next of anybody's. */
    Request write() {
        int kind = random.nextInt(100);
        if (kind < 60) {
            return put();
        }
        if (kind < 70) {
            return random.nextInt(3) == 0 ? deleteSome() : Request.delete(key());
        }
        if (kind < 90) {
            return txn();
        }
        if (kind < 92) {
            return new Request.Compact(Math.max(1, promises.told() - random.nextInt(30)));
        }
        return kind < 99 || leases.isEmpty() ? grant() : new Request.Revoke(lease());
    }

    /** A read, now and then of the past. */
    Request.Get read() {
        long past = random.nextInt(8) == 0 ? Math.max(1, promises.told() - random.nextInt(20)) : 0;
        String key = key();
        return random.nextInt(4) == 0
                ? new Request.Get("k", "l", past)
                : new Request.Get(key, key + '\0', past);
    }

    /** One that was granted; 0 if none was. */
    long lease() {
        return leases.isEmpty() ? 0 : leases.get(random.nextInt(leases.size()));
    }

    int ttlSeconds() {
        return 1 + random.nextInt(TTL_SECONDS_MAX);
    }

    private Request put() {
        return new Request.Put(key(), value(), random.nextInt(5) == 0 ? lease() : 0);
    }

    private Request deleteSome() {
        String one = key();
        String other = key();
        return one.compareTo(other) < 0
                ? new Request.Delete(one, other)
                : new Request.Delete(other, one + '\0');
    }

    private Request grant() {
        long lease = ++made;
        leases.add(lease);
        if (leases.size() > LEASES_REMEMBERED) {
            leases.removeFirst();
        }
        return new Request.Grant(lease);
    }

    private Request txn() {
        String key = key();
        String other = key();
        List<Request> then = new ArrayList<>();
        then.add(Request.put(key, value()));
        if (!other.equals(key)) {
            then.add(random.nextBoolean() ? Request.put(other, value()) : Request.delete(other));
        }
        return new Request.Txn(List.of(compare(key)), then, List.of(Request.get(key)));
    }

    /** Mostly true, if nobody comes between. */
    private Compare compare(String key) {
        List<Item> now = promises.newest().items(key, key + '\0', promises.newest().revision());
        Item item = now.isEmpty() ? null : now.getFirst();
        return switch (random.nextInt(3)) {
            case 0 -> Compare.version(key, item == null ? 0 : item.version());
            case 1 -> Compare.modified(key, item == null ? 0 : item.modified());
            default -> Compare.value(key, item == null ? "nothing" : item.value());
        };
    }

    private String key() {
        return "k" + random.nextInt(keys);
    }

    private String value() {
        return "v" + ++made;
    }
}
