package flotilla.sim.fleet;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.schedule.Requirements;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import flotilla.units.Glob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What engines tell machines of units that must not be beside each other: one comes, or has another
 * text, once the other has said that it has gone. Agents wait by themselves too, so what runs does
 * not show whether engines do.
 */
final class Neighbours {
    private final World world;
    private final Keeper keeper;
    private final Texts texts;
    private final Copies copies;
    private final Map<String, Map<String, Neighbour>> byMachine = new HashMap<>();

    /**
     * What a machine is told of a unit.
     *
     * @param revision 0 while it is only about to be told
     * @param told by its text; empty when it can't be read
     * @param earlier by texts that it was told before, and may still be there by
     */
    private record Neighbour(
            Entry.OfPlacement its,
            long revision,
            Optional<Requirements> told,
            List<Requirements> earlier) {
        boolean comes() {
            return !its.assignment().isWithdrawn();
        }

        String hash() {
            return its.assignment().hash();
        }

        /** Once it is there by its text it is so for good, also when the machine starts anew. */
        Neighbour answered(Acknowledgement said) {
            boolean stays = comes() && said.placement() == revision;
            return stays ? new Neighbour(its, revision, told, List.of()) : this;
        }

        /** By the text that it is told. */
        boolean shuns(Neighbour other) {
            return told.filter(wants -> names(wants, other)).isPresent();
        }

        boolean mayShun(Neighbour other) {
            return shuns(other) || earlier.stream().anyMatch(wants -> names(wants, other));
        }

        private static boolean names(Requirements wants, Neighbour other) {
            return wants.conflicts().stream()
                    .anyMatch(glob -> Glob.matches(glob, other.its.unit()));
        }
    }

    Neighbours(World world, Keeper keeper, Texts texts, Copies copies) {
        this.world = world;
        this.keeper = keeper;
        this.texts = texts;
        this.copies = copies;
    }

    void changed(Change change) {
        switch (change) {
            case Change.Put(Entry.OfPlacement its, long revision) ->
                    on(its.machineId()).put(its.unit(), neighbour(its, revision));
            case Change.Put(Entry.Unreadable(Key.OfPlacement(var machine, var unit)), long _) ->
                    on(machine).remove(unit);
            case Change.Removed(Key.OfPlacement(String machine, String unit)) ->
                    on(machine).remove(unit);
            case Change.Put(Entry.OfAcknowledgement(var machine, var unit, var said), long _) ->
                    on(machine).computeIfPresent(unit, (_, told) -> told.answered(said));
            default -> {}
        }
    }

    private Map<String, Neighbour> on(String machine) {
        return byMachine.computeIfAbsent(machine, _ -> new TreeMap<>());
    }

    private Neighbour neighbour(Entry.OfPlacement its, long revision) {
        Neighbour before = on(its.machineId()).get(its.unit());
        List<Requirements> earlier = new ArrayList<>();
        if (before != null && !(isCarriedOut(before) && !before.comes())) {
            before.told.ifPresent(earlier::add);
            earlier.addAll(before.earlier);
        }
        return new Neighbour(its, revision, wants(its.unit(), its.assignment().hash()), earlier);
    }

    private Optional<Requirements> wants(String unit, String hash) {
        Stored there = keeper.get(new Key.OfText(hash));
        return there != null && there.entry() instanceof Entry.OfText(String _, String text)
                ? texts.requirements(unit, text)
                : Optional.empty();
    }

    /** An engine is about to tell them. */
    void written(Write write) {
        Map<String, Map<String, Neighbour>> next = new HashMap<>();
        for (Entry entry : write.puts()) {
            if (entry instanceof Entry.OfPlacement its) {
                next.computeIfAbsent(its.machineId(), id -> new TreeMap<>(on(id)))
                        .put(its.unit(), neighbour(its, 0));
            }
        }
        for (Key key : write.deletes()) {
            if (key instanceof Key.OfPlacement(String machine, String unit)
                    && next.containsKey(machine)) {
                next.get(machine).remove(unit);
            }
        }
        next.forEach((machine, all) ->
                all.values().stream()
                        .filter(one -> one.revision == 0 && one.comes() && isNew(one))
                        .forEach(one -> requireApart(one, all)));
    }

    private @Nullable Neighbour before(Neighbour one) {
        return on(one.its.machineId()).get(one.its.unit());
    }

    private boolean isThere(Neighbour one) {
        Neighbour before = before(one);
        return before != null && before.comes();
    }

    private boolean isNew(Neighbour one) {
        Neighbour before = before(one);
        return before == null || !isThere(one) || !before.hash().equals(one.hash());
    }

    private void requireApart(Neighbour one, Map<String, Neighbour> all) {
        String machine = one.its.machineId();
        if (copies.isOpaque(machine)) {
            return;
        }
        for (Neighbour other : all.values()) {
            if (!other.its.key().equals(one.its.key()) && !mayBeBeside(one, other)) {
                throw world.broken(
                        "what conflicts has gone before another is told to come",
                        "%s, told of beside %s",
                        one.its,
                        other.its);
            }
        }
    }

    private boolean mayBeBeside(Neighbour one, Neighbour other) {
        if (!other.comes() && isCarriedOut(other)) {
            return true;
        }
        // By the other's text they may have been beside each other before.
        boolean together = other.comes() && isThere(one);
        return !one.shuns(other) && (together || !other.mayShun(one));
    }

    private boolean isCarriedOut(Neighbour one) {
        Key answer = new Key.OfAcknowledgement(one.its.machineId(), one.its.unit());
        return keeper.get(answer) instanceof Stored(Entry.OfAcknowledgement(_, _, var said), _)
                && said.placement() == one.revision;
    }
}
