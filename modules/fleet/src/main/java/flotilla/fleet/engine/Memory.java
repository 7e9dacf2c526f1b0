package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Versioned;
import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Forget;
import flotilla.fleet.engine.Decision.Remember;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept beyond what it belongs to, and when it goes: a machine's fence, since when it is
 * gone, and with that what people said of it; texts that no unit has. Nothing goes while something
 * can't be read: it may be what refers to it.
 */
final class Memory {
    private final Cluster cluster;
    private final long nowMillis;

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    Memory(Cluster cluster, long nowMillis) {
        this.cluster = cluster;
        this.nowMillis = nowMillis;
    }

    /** What to note before units come to machines, since it counts once they are lost. */
    List<Decision> remembered(Agenda agenda) {
        List<Decision> notes = new ArrayList<>();
        agenda.machines(machine -> {
            Optional<Decision> note = note(machine);
            note.ifPresent(notes::add);
            return note.isEmpty();
        });
        return notes;
    }

    private Optional<Decision> note(String machine) {
        if (cluster.isUnreadable(new Key.OfSighting(machine)) || !cluster.isKnownMachine(machine)) {
            return Optional.empty();
        }
        Optional<Versioned<Sighting>> seen = cluster.sighting(machine);
        long revision = seen.map(Versioned::revision).orElse(0L);
        return sighting(machine, seen.map(Versioned::value))
                .map(now -> {
                    String reason = now.isGone() ? gone(machine) : "it is there";
                    return new Remember(machine, now, revision, reason);
                });
    }

    private String gone(String machine) {
        return cluster.hasLeft(machine) ? "it left in order" : "its lease has ended";
    }

    /** What is to be remembered of a machine from now on; empty when that is nothing new. */
    private Optional<Sighting> sighting(String machine, Optional<Sighting> seen) {
        Optional<Machine> there = cluster.announced(machine);
        if (there.isPresent()) {
            Sighting now = new Sighting(there.get().fenceMillis(), 0);
            return seen.filter(now::equals).isPresent() ? Optional.empty() : Optional.of(now);
        }
        if (cluster.hasMachine(machine) || seen.filter(Sighting::isGone).isPresent()) {
            return Optional.empty();
        }
        long fenceMillis = seen.map(Sighting::fenceMillis).orElse(Machine.FENCE_MILLIS);
        return Optional.of(new Sighting(fenceMillis, nowMillis));
    }

    List<Decision> garbage() {
        List<Decision> garbage = new ArrayList<>();
        if (!cluster.hasUnreadable()) {
            cluster.unusedTexts()
                    .forEach((hash, revision) ->
                            garbage.add(new Collect(hash, revision, "no unit has this text")));
            cluster.goneMachines().forEach(machine -> machine(machine, garbage));
        }
        return garbage;
    }

    /** What people said goes first: by the sighting it is known that it may. */
    private void machine(String machine, List<Decision> garbage) {
        Optional<Versioned<Sighting>> seen = cluster.sighting(machine);
        if (seen.isEmpty()
                || cluster.hasMachine(machine)
                || !seen.get().value().isOver(nowMillis)) {
            return;
        }
        String reason = "it has been gone for %d days".formatted(Sighting.KEPT.toDays());
        Map<Key, Long> said = cluster.saidOf(machine);
        if (said.isEmpty()) {
            garbage.add(
                    new Forget(
                            machine, new Key.OfSighting(machine), seen.get().revision(), reason));
        }
        said.forEach((key, revision) -> garbage.add(new Forget(machine, key, revision, reason)));
    }
}
