package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What machines are told of each unit, and how far they say they are with it. */
final class Placements {
    private final Map<String, Map<String, Told>> told = new TreeMap<>();
    private final Map<String, Map<String, Acknowledgement>> said = new HashMap<>();

    private final Groups byMachine = new Groups();

    /** How many machines are to give a unit up, where any is. */
    private final SortedMap<String, Integer> withdrawn = new TreeMap<>();

    /** Other texts that machines may have of units; by machine, then by unit. */
    private final Map<String, Map<String, Set<String>>> earlier = new HashMap<>();

    private final Texts texts;

    /**
     * @param texts hears which of them are named
     */
    Placements(Texts texts) {
        this.texts = texts;
    }

    void put(String machine, String unit, Told what) {
        Told before = told.computeIfAbsent(unit, _ -> new TreeMap<>()).put(machine, what);
        byMachine.add(machine, unit);
        count(unit, before, -1);
        count(unit, what, 1);
        settle(machine, unit);
    }

    void remove(String machine, String unit) {
        count(unit, of(unit).get(machine), -1);
        told.computeIfPresent(unit, (_, there) -> without(there, machine));
        byMachine.remove(machine, unit);
        settle(machine, unit);
    }

    /** Notes which texts the machine may have beside the one that it is told of. */
    private void settle(String machine, String unit) {
        Told now = of(unit).get(machine);
        Set<String> next =
                now == null || answer(machine, unit).isPresent() ? Set.of() : now.earlier();
        Set<String> before = earlierOn(machine).getOrDefault(unit, Set.of());
        if (next.equals(before)) {
            return;
        }
        next.forEach(hash -> texts.named(hash, 1));
        before.forEach(hash -> texts.named(hash, -1));
        if (next.isEmpty()) {
            earlier.computeIfPresent(machine, (_, there) -> without(there, unit));
        } else {
            earlier.computeIfAbsent(machine, _ -> new TreeMap<>()).put(unit, next);
        }
    }

    private Map<String, Set<String>> earlierOn(String machine) {
        return earlier.getOrDefault(machine, Map.of());
    }

    /** The units of which a machine may have another text than it is told of, by name. */
    Set<String> unsettledOn(String machine) {
        return Collections.unmodifiableSet(earlierOn(machine).keySet());
    }

    /** Hashes of all the texts that a machine may have of a unit. */
    Set<String> texts(String machine, String unit) {
        Set<String> all = new TreeSet<>(earlierOn(machine).getOrDefault(unit, Set.of()));
        Told now = of(unit).get(machine);
        if (now != null) {
            now.assignment().ifPresent(assignment -> all.add(assignment.hash()));
        }
        return all;
    }

    private void count(String unit, @Nullable Told what, int more) {
        if (what == null) {
            return;
        }
        what.assignment().ifPresent(assignment -> texts.named(assignment.hash(), more));
        if (what.isWithdrawn()) {
            withdrawn.merge(unit, more, Integer::sum);
            withdrawn.remove(unit, 0);
        }
    }

    /** The units that some machine is to give up, by name. */
    Set<String> withdrawn() {
        return Collections.unmodifiableSet(withdrawn.keySet());
    }

    /** The units that a machine, there or gone, is told of. */
    Set<String> on(String machine) {
        return byMachine.of(machine);
    }

    void put(String machine, String unit, Acknowledgement answer) {
        said.computeIfAbsent(unit, _ -> new HashMap<>()).put(machine, answer);
        settle(machine, unit);
    }

    void removeAnswer(String machine, String unit) {
        said.computeIfPresent(unit, (_, there) -> without(there, machine));
        settle(machine, unit);
    }

    @SuppressWarnings("NullAway") // What the map's own contract wants for "no entry".
    private static <T> Map<String, T> without(Map<String, T> there, String machine) {
        there.remove(machine);
        return there.isEmpty() ? null : there;
    }

    /** By name. */
    Set<String> units() {
        return Collections.unmodifiableSet(told.keySet());
    }

    /** By machine. */
    Map<String, Told> of(String unit) {
        return Collections.unmodifiableMap(told.getOrDefault(unit, Map.of()));
    }

    /** What the machine says of what it is told now; what it said of an earlier word is void. */
    Optional<Acknowledgement> answer(String machine, String unit) {
        Told now = of(unit).get(machine);
        return Optional.ofNullable(said.getOrDefault(unit, Map.of()).get(machine))
                .filter(answer -> now != null && answer.placement() == now.revision());
    }
}
