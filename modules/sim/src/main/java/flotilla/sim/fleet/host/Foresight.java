package flotilla.sim.fleet.host;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Decision;
import flotilla.fleet.engine.Event;
import flotilla.fleet.engine.Transaction;
import flotilla.fleet.job.Now;
import flotilla.fleet.plan.Forecast;
import flotilla.fleet.schedule.Placement;
import flotilla.fleet.schedule.Schedule;
import flotilla.sim.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine has heard, and what a plan that is made from that says it is about to do: it must
 * do just that. A plan knows no more than the store does. So what rests on since when this engine
 * has missed a machine, or seen a unit healthy, is left out on both sides; and nothing is compared
 * while a unit is on its way, for a board that lives on has chosen its machine before.
 */
final class Foresight {
    /** What a larger fleet would be about to do takes too long to work out at each pass. */
    private static final int ENTRIES_MAX = 5_000;

    private final World world;
    private final Map<Key, Stored> heard = new LinkedHashMap<>();

    /** The same, followed as the engine follows it. */
    private Cluster known = new Cluster();

    private boolean isLarge;
    private boolean wasSettled;

    Foresight(World world) {
        this.world = world;
    }

    void hear(Event event, Now now) {
        if (event instanceof Event.Listed(List<Stored> all, long _)) {
            isLarge = all.size() > ENTRIES_MAX;
        } else if (heard.size() > ENTRIES_MAX) {
            isLarge = true;
        }
        if (isLarge) {
            forget();
            return;
        }
        wasSettled = event instanceof Event.Listed || isSettled(known, now);
        switch (event) {
            case Event.Listed(List<Stored> all, long _) -> {
                forget();
                wasSettled = true;
                all.forEach(this::take);
            }
            case Event.Changed(List<Change> changes, long _) -> changes.forEach(this::take);
            case Event.Done _, Event.Refused _, Event.Unknown _, Event.Tick _ -> {}
        }
    }

    private void forget() {
        heard.clear();
        known = new Cluster();
        wasSettled = false;
    }

    private void take(Stored stored) {
        heard.put(stored.entry().key(), stored);
        known.put(stored.entry(), stored.revision());
    }

    private void take(Change change) {
        switch (change) {
            case Change.Put(var entry, long revision) -> take(new Stored(entry, revision));
            case Change.Removed(Key key) -> {
                heard.remove(key);
                known.remove(key);
            }
        }
    }

    /** What the engine has just decided is what a plan would have said. */
    void requirePlanned(List<Carry> decided, Now now) {
        if (decided.isEmpty() || !wasSettled) {
            return;
        }
        List<String> planned =
                Forecast.of(heard.values(), List.of(), now).underWay().stream()
                        .filter(decision -> isForeseeable(decision, known))
                        .map(decision -> what(decision, now))
                        .toList();
        List<String> done =
                decided.stream()
                        .map(Carry::decision)
                        .filter(decision -> isForeseeable(decision, known))
                        .map(decision -> what(decision, now))
                        .toList();
        for (int i = 0; i < done.size(); i++) {
            if (i >= planned.size() || !planned.get(i).equals(done.get(i))) {
                throw world.broken(
                        "what is done is what a plan says",
                        "%s, not %s",
                        done.get(i),
                        i < planned.size() ? planned.get(i) : "nothing");
            }
        }
    }

    /** Whether each unit that can have a machine has it. */
    private static boolean isSettled(Cluster cluster, Now now) {
        Schedule schedule = cluster.schedule(now.wallMillis());
        return cluster.withdrawn().isEmpty()
                && cluster.jobs().stream()
                        .allMatch(job ->
                                schedule.placement(job.name())
                                        .map(Placement::machineId)
                                        .equals(cluster.owner(job.name())));
    }

    /** What it is in the store; the reason may tell of what only this engine has seen. */
    private static String what(Decision decision, Now now) {
        Transaction transaction = Transaction.of(decision, now.wallMillis());
        return "%s if %s: %s, without %s"
                .formatted(
                        decision.getClass().getSimpleName(),
                        transaction.conditions(),
                        transaction.puts(),
                        transaction.deletes());
    }

    private static boolean isForeseeable(Decision decision, Cluster cluster) {
        return unit(decision)
                .filter(unit -> cluster.told(unit).keySet().stream().allMatch(cluster::hasMachine))
                .filter(unit -> cluster.owner(unit).stream().allMatch(cluster::hasMachine))
                .isPresent();
    }

    private static Optional<String> unit(Decision decision) {
        return switch (decision) {
            case Decision.Place(var wish, _, _, _) -> Optional.of(wish.job().name());
            case Decision.Update(var wish, _, _) -> Optional.of(wish.job().name());
            case Decision.Move(var wish, _, _, _) -> Optional.of(wish.job().name());
            case Decision.Overlap(var wish, _, _, _, _) -> Optional.of(wish.job().name());
            case Decision.Withdraw withdraw -> Optional.of(withdraw.unit());
            case Decision.Release release -> Optional.of(release.unit());
            case Decision.Forgive forgive -> Optional.of(forgive.unit());
            case Decision.Strike _, Decision.Remember _, Decision.Forget _ -> Optional.empty();
            case Decision.Collect _, Decision.Retext _, Decision.Steer _, Decision.Dismiss _ ->
                    Optional.empty();
            // Rests on how units fare, for how long.
            case Decision.Renew _ -> Optional.empty();
        };
    }
}
