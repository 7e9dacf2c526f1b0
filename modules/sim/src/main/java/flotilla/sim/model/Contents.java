package flotilla.sim.model;

import flotilla.sim.model.Answer.Item;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A store's state, with all states before it. Never changed. Two are equal if all that can be read
 * from them is, now and at older revisions; of the past a hash of 64 bits is compared.
 */
public final class Contents {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    static final Contents EMPTY =
            new Contents(1, -1, new Held(new TreeMap<>(), new TreeSet<>()), null);

    final long revision;
    final long compacted;
    final SortedMap<String, Item> items;
    final SortedSet<Long> leases;
    private final @Nullable Contents before;
    private final long pastHash;
    private final int itemsHash;
    private final int hash;

    /** What is there. Never changed. */
    record Held(SortedMap<String, Item> items, SortedSet<Long> leases) {}

    /**
     * @param before the state of the revision before
     */
    Contents(long revision, long compacted, Held held, @Nullable Contents before) {
        this.revision = revision;
        this.compacted = compacted;
        this.items = held.items();
        this.leases = held.leases();
        this.before = before;
        this.pastHash = before == null ? 0 : (before.pastHash + before.itemsHash) * MIX;
        this.itemsHash = items.hashCode();
        this.hash = Objects.hash(revision, compacted, pastHash, itemsHash);
    }

    public long revision() {
        return revision;
    }

    /** All keys. */
    public List<Item> all() {
        return List.copyOf(items.values());
    }

    /** The keys of a range as they were at a revision that there has been. */
    public List<Item> items(String from, String to, long at) {
        Contents then = this;
        while (then.revision > at && then.before != null) {
            then = then.before;
        }
        return List.copyOf(then.items.subMap(from, to).values());
    }

    Contents withItems(long newRevision, SortedMap<String, Item> newItems) {
        return new Contents(newRevision, compacted, new Held(newItems, leases), this);
    }

    Contents withCompacted(long newCompacted) {
        return new Contents(revision, newCompacted, new Held(items, leases), before);
    }

    Contents withLease(long lease) {
        SortedSet<Long> more = new TreeSet<>(leases);
        more.add(lease);
        return new Contents(revision, compacted, new Held(items, more), before);
    }

    Contents withoutLease(long lease) {
        SortedSet<Long> fewer = new TreeSet<>(leases);
        fewer.remove(lease);
        return new Contents(revision, compacted, new Held(items, fewer), before);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Contents that
                && revision == that.revision
                && compacted == that.compacted
                && pastHash == that.pastHash
                && hash == that.hash
                && items.equals(that.items)
                && leases.equals(that.leases);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
