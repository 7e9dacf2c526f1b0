package flotilla.store.corruption;

import flotilla.store.log.StateHash;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which members' states differ, given what they come to up to one revision. Only states that are
 * compacted alike can be compared; what is not known speaks against nobody.
 *
 * @param self who compares
 * @param own what its state comes to; up to that state's own revision
 * @param others what those say who answered
 */
record Comparison(long self, StateHash own, Map<Long, StateHash> others) {
    /** Stands for a member in an alarm when states differ and nobody can tell whose is right. */
    static final long NOBODY_KNOWS_WHO = 0;

    Comparison {
        others = Map.copyOf(others);
    }

    /** Whom this one could be compared with. */
    Set<Long> compared() {
        return hashes().keySet();
    }

    /** Those of them whose state is another one. */
    SortedSet<Long> different() {
        SortedSet<Long> different = new TreeSet<>();
        hashes().forEach((member, hash) -> {
            if (!hash.equals(own.hash())) {
                different.add(member);
            }
        });
        return different;
    }

    /** The others', of those that can be compared. */
    private SortedMap<Long, OptionalInt> hashes() {
        SortedMap<Long, OptionalInt> hashes = new TreeMap<>();
        others.forEach((member, state) -> {
            if (state.hash().isPresent() && state.compactRevision() == own.compactRevision()) {
                hashes.put(member, state.hash());
            }
        });
        return hashes;
    }

    /**
     * Who is to be named in an alarm: those that a majority of all members contradicts, as etcd
     * 3.5's check of compactions has it; if no majority holds the same, {@link #NOBODY_KNOWS_WHO}
     * stands for all. And, as in every etcd, who has what was never ordered.
     *
     * @param members how many there are, this one and silent ones among them
     * @param ordered a state of this member's that had all that was ordered before it was looked at
     *     after the others had answered: nobody can have had more
     */
    SortedSet<Long> corrupt(int members, StateHash ordered) {
        SortedSet<Long> corrupt = new TreeSet<>();
        others.forEach((member, state) -> {
            if (state.revision() > ordered.revision()
                    || state.compactRevision() > ordered.compactRevision()) {
                corrupt.add(member);
            }
        });
        if (!different().isEmpty()) {
            corrupt.addAll(contradicted(members));
        }
        return corrupt;
    }

    private Set<Long> contradicted(int members) {
        SortedMap<Long, OptionalInt> hashes = hashes();
        hashes.put(self, own.hash());
        for (OptionalInt hash : Set.copyOf(hashes.values())) {
            if (Collections.frequency(hashes.values(), hash) > members / 2) {
                hashes.values().removeIf(hash::equals);
                return hashes.keySet();
            }
        }
        return Set.of(NOBODY_KNOWS_WHO);
    }
}
