package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What machines are told of each unit, and how far they say they are with it. */
final class Placements {
    private final Map<String, Map<String, Told>> told = new TreeMap<>();
    private final Map<String, Map<String, Acknowledgement>> said = new HashMap<>();

    private final Groups byMachine = new Groups();

    /** How many machines are to give a unit up, where any is. */
    private final SortedMap<String, Integer> withdrawn = new TreeMap<>();

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
    }

    void remove(String machine, String unit) {
        count(unit, of(unit).get(machine), -1);
        told.computeIfPresent(unit, (_, there) -> without(there, machine));
        byMachine.remove(machine, unit);
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
    }

    void removeAnswer(String machine, String unit) {
        said.computeIfPresent(unit, (_, there) -> without(there, machine));
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
