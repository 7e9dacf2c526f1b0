package flotilla.store.corruption;

import flotilla.store.log.StateHash;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which members' states differ, given what they come to up to one revision. States contradict each
 * other whose hashes differ though they are compacted alike, and those of which one has applied no
 * more of the log than the other and is further: the same entries make the same state. What is not
 * known speaks against nobody.
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
        return others.keySet().stream()
                .filter(member -> areHashed(own, state(member)) || contradicts(own, state(member)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of them whose state is another one. */
    SortedSet<Long> different() {
        return others.keySet().stream()
                .filter(member -> contradicts(own, state(member)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Who is to be named in an alarm: those that a majority of all members contradicts; where some
     * are contradicted, but nobody by a majority, or too many, {@link #NOBODY_KNOWS_WHO} stands for
     * all.
     *
     * @param members how many there are, this one and silent ones among them
     */
    SortedSet<Long> corrupt(int members) {
        SortedSet<Long> heard = new TreeSet<>(others.keySet());
        heard.add(self);
        SortedSet<Long> corrupt = new TreeSet<>();
        boolean differ = false;
        for (long member : heard) {
            long against =
                    heard.stream().filter(each -> contradicts(state(member), state(each))).count();
            differ |= against > 0;
            if (against > members / 2) {
                corrupt.add(member);
            }
        }
        boolean most = heard.size() - corrupt.size() > members / 2;
        if (differ && (corrupt.isEmpty() || !most)) {
            return new TreeSet<>(Set.of(NOBODY_KNOWS_WHO));
        }
        return corrupt;
    }

    private StateHash state(long member) {
        return member == self ? own : Objects.requireNonNull(others.get(member));
    }

    private static boolean contradicts(StateHash one, StateHash other) {
        return (areHashed(one, other) && !one.hash().equals(other.hash()))
                || isFurther(one, other)
                || isFurther(other, one);
    }

    private static boolean areHashed(StateHash one, StateHash other) {
        return one.hash().isPresent()
                && other.hash().isPresent()
                && one.compactRevision() == other.compactRevision();
    }

    /** With no more of the log than the other has. */
    private static boolean isFurther(StateHash one, StateHash other) {
        return one.applied() != 0
                && one.applied() <= other.applied()
                && (one.revision() > other.revision()
                        || one.compactRevision() > other.compactRevision());
    }
}
