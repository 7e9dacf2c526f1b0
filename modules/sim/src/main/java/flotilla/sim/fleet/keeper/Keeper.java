package flotilla.sim.fleet.keeper;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps etcd's promises towards its clients: transactions one after the other, each
 * with a revision; changes in their order; leases that end no earlier than their time after the
 * last renewal that was taken. While it has no leader it answers nobody and ends no lease.
 */
public final class Keeper {
    /** Operations that etcd takes in one transaction unless told otherwise. */
    private static final int OPERATIONS_MAX = 128;

    /** A line of history, and the count of its subject's. */
    private static final int OPERATIONS_A_LINE = 2;

    /** How long after its time a lease may end: etcd looks twice a second. */
    private static final long LATE_NANOS = 500_000_000;

    private final World world;
    private final Observer observer;
    private final Map<Key, Item> items = new LinkedHashMap<>();
    private final Map<String, Map<Key, Item>> placements = new TreeMap<>();
    private final Map<Long, Lease> leases = new TreeMap<>();
    private final Map<String, Set<Key>> said = new HashMap<>();
    private final Map<Long, Long> candidates = new LinkedHashMap<>();
    private final Changes changes = new Changes();
    private long revision = 1;
    private long lastLease;
    private boolean away;

    /** Sees all that happens to the store, whoever does it. */
    public interface Observer {
        /** A transaction whose conditions hold is about to be made. */
        void commits(Write write);

        /** Keys have changed, in one revision. */
        void changed(long revision, List<Change> changes);
    }

    private record Item(Entry entry, long revision, long lease) {}

    private static final class Lease {
        private final long ttlNanos;
        private final Set<Key> keys = new LinkedHashSet<>();
        private long endsAt;

        Lease(long ttlNanos, long now) {
            this.ttlNanos = ttlNanos;
            this.endsAt = now + ttlNanos;
        }
    }

    public Keeper(World world, Observer observer) {
        this.world = world;
        this.observer = observer;
    }

    // Reading

    public long revision() {
        return revision;
    }

    public @Nullable Stored get(Key key) {
        Item item = items.get(key);
        return item == null ? null : new Stored(item.entry, item.revision);
    }

    public boolean has(Key key) {
        return items.containsKey(key);
    }

    /** The lease that a key lives under; 0 for none. */
    public long leaseOf(Key key) {
        Item item = items.get(key);
        return item == null ? 0 : item.lease;
    }

    /** All that the engine decides from. */
    public List<Stored> cluster() {
        return stored(items, key -> !(key instanceof Key.OfState));
    }

    /** All keys that one machine says something with. */
    public Set<Key> saidBy(String machine) {
        return Collections.unmodifiableSet(said.getOrDefault(machine, Set.of()));
    }

    private static Optional<String> sayer(Key key) {
        return switch (key) {
            case Key.OfState(String id, _) -> Optional.of(id);
            case Key.OfAcknowledgement(String id, _) -> Optional.of(id);
            default -> Optional.empty();
        };
    }

    List<Stored> list(Scope scope) {
        return switch (scope) {
            case Scope.Cluster _ -> cluster();
            case Scope.Placements(String machine) ->
                    stored(placements.getOrDefault(machine, Map.of()), _ -> true);
        };
    }

    private static List<Stored> stored(Map<Key, Item> items, Predicate<Key> which) {
        List<Stored> found = new ArrayList<>();
        items.forEach((key, item) -> {
            if (which.test(key)) {
                found.add(new Stored(item.entry, item.revision));
            }
        });
        return found;
    }

    // Writing

    /** The revision at which it was made; empty when its conditions or its lease don't hold. */
    public OptionalLong commit(Write write) {
        requireWellFormed(write);
        boolean leads = write.guard() == 0 || candidates.containsKey(write.guard());
        boolean leased = write.lease() == 0 || leases.containsKey(write.lease());
        if (!leads || !leased || !isAsIs(write)) {
            return OptionalLong.empty();
        }
        observer.commits(write);
        List<Change> made = new ArrayList<>();
        write.puts().forEach(entry -> made.add(put(entry, write.lease())));
        for (Key key : write.deletes()) {
            if (items.containsKey(key)) {
                made.add(remove(key));
            }
        }
        publish(made);
        return OptionalLong.of(revision);
    }

    /** As etcd does, which refuses anything else for good. */
    private void requireWellFormed(Write write) {
        Set<Key> keys = new HashSet<>(write.deletes());
        boolean twice = keys.size() < write.deletes().size();
        for (Entry entry : write.puts()) {
            twice |= !keys.add(entry.key());
        }
        int operations =
                write.puts().size()
                        + write.deletes().size()
                        + OPERATIONS_A_LINE * write.deeds().size();
        if (twice || Math.max(operations, write.conditions().size()) > OPERATIONS_MAX) {
            throw world.broken("the store can take each transaction", "%s", write);
        }
    }

    private boolean isAsIs(Write write) {
        return write.conditions().stream().allMatch(each -> each.holds(this::revisionOf));
    }

    private long revisionOf(Key key) {
        Item there = items.get(key);
        return there == null ? 0 : there.revision;
    }

    private Change put(Entry entry, long lease) {
        Key key = entry.key();
        remove(key);
        Item item = new Item(entry, revision + 1, lease);
        items.put(key, item);
        if (key instanceof Key.OfPlacement(String machine, String _)) {
            placements.computeIfAbsent(machine, _ -> new LinkedHashMap<>()).put(key, item);
        }
        Lease its = leases.get(lease);
        if (its != null) {
            its.keys.add(key);
            sayer(key)
                    .ifPresent(id -> said.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(key));
        }
        return new Change.Put(entry, revision + 1);
    }

    private Change remove(Key key) {
        Item before = items.remove(key);
        Lease its = before == null ? null : leases.get(before.lease);
        if (its != null) {
            its.keys.remove(key);
        }
        sayer(key).ifPresent(id -> said.computeIfPresent(id, (_, keys) -> without(keys, key)));
        if (key instanceof Key.OfPlacement(String machine, String _)) {
            placements.computeIfAbsent(machine, _ -> new LinkedHashMap<>()).remove(key);
        }
        return new Change.Removed(key);
    }

    private static Set<Key> without(Set<Key> keys, Key key) {
        keys.remove(key);
        return keys;
    }

    private void publish(List<Change> made) {
        if (!made.isEmpty()) {
            revision++;
            observer.changed(revision, made);
            changes.add(made, revision);
        }
    }

    /** What has happened, for whoever watches. */
    Changes changes() {
        return changes;
    }

    /** Forgets all changes before now: who follows from there is told, and lists again. */
    public void compact() {
        changes.compact(revision);
    }

    // Leases

    public long grant(long ttlNanos) {
        leases.put(++lastLease, new Lease(ttlNanos, world.now()));
        awaitEnd(lastLease, ttlNanos);
        return lastLease;
    }

    /** Whether the lease is there, and now lives its whole time again. */
    public boolean renew(long id) {
        Lease lease = leases.get(id);
        if (lease == null) {
            return false;
        }
        lease.endsAt = world.now() + lease.ttlNanos;
        return true;
    }

    public void revoke(long id) {
        candidates.remove(id);
        Lease lease = leases.remove(id);
        if (lease != null) {
            publish(List.copyOf(lease.keys).stream().map(this::remove).toList());
        }
    }

    private void awaitEnd(long id, long nanos) {
        world.after(
                nanos + world.random().nextLong(LATE_NANOS),
                "a lease may have ended",
                () -> {
                    Lease lease = leases.get(id);
                    if (lease != null && !away && lease.endsAt <= world.now()) {
                        revoke(id);
                    } else if (lease != null) {
                        awaitEnd(id, Math.max(0, lease.endsAt - world.now()));
                    }
                });
    }

    // The election

    /** Stands for election under a lease; false when there is no such lease. */
    public boolean stand(long lease) {
        return leases.containsKey(lease)
                && candidates.computeIfAbsent(lease, _ -> revision) <= revision;
    }

    public boolean stands(long lease) {
        return candidates.containsKey(lease);
    }

    /** Who leads: the first of those who stand; 0 for nobody. */
    public long leader() {
        return candidates.keySet().stream().findFirst().orElse(0L);
    }

    // Its own trouble

    public boolean isAway() {
        return away;
    }

    /** It has no leader. */
    public void goAway() {
        away = true;
    }

    /** It has a new leader, for whom every lease begins anew. */
    public void comeBack() {
        away = false;
        leases.values().forEach(lease -> lease.endsAt = world.now() + lease.ttlNanos);
    }
}
