package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys that a later version has written, so that nobody here can read them; until it writes them as
 * they were, or somebody writes them anew.
 */
final class Unreadables {
    private final World world;
    private final Keeper keeper;
    private final Map<Key, @Nullable Entry> before = new LinkedHashMap<>();

    Unreadables(World world, Keeper keeper) {
        this.world = world;
        this.keeper = keeper;
    }

    /** Some key can't be read any more; which. */
    Key strike() {
        List<Stored> able = new ArrayList<>();
        for (Stored stored : keeper.cluster()) {
            if (isOfAnyVersion(stored.entry())) {
                able.add(stored);
            }
        }
        if (able.isEmpty() || world.random().nextInt(5) == 0) {
            Key key = new Key.Unknown("novelty/" + world.random().nextInt(3));
            write(key, new Entry.Unreadable(key), null);
            return key;
        }
        Entry entry = able.get(world.random().nextInt(able.size())).entry();
        write(entry.key(), new Entry.Unreadable(entry.key()), entry);
        return entry.key();
    }

    private static boolean isOfAnyVersion(Entry entry) {
        return switch (entry) {
            case Entry.OfJob _, Entry.OfMachine _, Entry.OfOwner _ -> true;
            case Entry.OfPlacement _, Entry.OfMetadata _, Entry.OfStrikes _ -> true;
            case Entry.OfRollout _ -> true;
            default -> false;
        };
    }

    private void write(Key key, Entry entry, @Nullable Entry was) {
        before.put(key, was);
        keeper.commit(new Write(List.of(), List.of(entry), List.of(), 0, keeper.leaseOf(key)));
    }

    /** It is written as it was, if nobody has written it since. */
    void restore(Key key) {
        Entry was = before.remove(key);
        Stored there = keeper.get(key);
        if (there == null || !(there.entry() instanceof Entry.Unreadable)) {
            return;
        }
        if (was == null) {
            keeper.commit(Write.of(List.of(), List.of(key)));
        } else {
            keeper.commit(new Write(List.of(), List.of(was), List.of(), 0, keeper.leaseOf(key)));
        }
    }

    void restoreAll() {
        List.copyOf(before.keySet()).forEach(this::restore);
    }
}
