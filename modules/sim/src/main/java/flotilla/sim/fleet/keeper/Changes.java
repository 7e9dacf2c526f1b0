package flotilla.sim.fleet.keeper;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Key;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The store's history: told to those who follow as it happens, and kept until it is compacted. */
final class Changes {
    /** What is kept at most, as by a store that is compacted now and then. */
    private static final int KEPT_MAX = 1_000_000;

    private final List<Happened> kept = new ArrayList<>();
    private final Set<Tail> ofCluster = new LinkedHashSet<>();
    private final Map<String, Set<Tail>> ofMachines = new TreeMap<>();
    private long compacted;

    /** One change, and the revision that it is of. */
    record Happened(Change change, long revision) {
        Key key() {
            return switch (change) {
                case Change.Put(var entry, long _) -> entry.key();
                case Change.Removed(Key key) -> key;
            };
        }
    }

    void add(List<Change> made, long revision) {
        for (Change change : made) {
            Happened happened = new Happened(change, revision);
            kept.add(happened);
            tell(happened);
        }
        if (kept.size() > KEPT_MAX) {
            compact(revision - 1);
        }
    }

    private void tell(Happened happened) {
        Key key = happened.key();
        if (!(key instanceof Key.OfState)) {
            ofCluster.forEach(tail -> tail.hear(happened));
        }
        if (key instanceof Key.OfPlacement(String machine, String _)) {
            ofMachines.getOrDefault(machine, Set.of()).forEach(tail -> tail.hear(happened));
        }
    }

    void compact(long revision) {
        compacted = revision;
        kept.removeIf(happened -> happened.revision <= revision);
    }

    /** Whether what happened from that revision on can't be told any more. */
    boolean isCompacted(long from) {
        return from <= compacted;
    }

    /** What happened from that revision on. */
    List<Happened> since(long from, Scope scope) {
        int first = kept.size();
        while (first > 0 && kept.get(first - 1).revision >= from) {
            first--;
        }
        return kept.subList(first, kept.size()).stream()
                .filter(happened -> scope.has(happened.key()))
                .toList();
    }

    void follow(Tail tail) {
        switch (tail.scope()) {
            case Scope.Cluster _ -> ofCluster.add(tail);
            case Scope.Placements(String machine) ->
                    ofMachines.computeIfAbsent(machine, _ -> new LinkedHashSet<>()).add(tail);
        }
    }

    void unfollow(Tail tail) {
        switch (tail.scope()) {
            case Scope.Cluster _ -> ofCluster.remove(tail);
            case Scope.Placements(String machine) ->
                    ofMachines.computeIfAbsent(machine, _ -> new LinkedHashSet<>()).remove(tail);
        }
    }
}
