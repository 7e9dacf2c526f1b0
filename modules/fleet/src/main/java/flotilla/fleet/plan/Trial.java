package flotilla.fleet.plan;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action;
import flotilla.fleet.engine.Decision;
import flotilla.fleet.engine.EngineMachine;
import flotilla.fleet.engine.Event;
import flotilla.fleet.engine.Transaction;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A copy of the cluster on which the engine is tried: its decisions are carried out as the store
 * would, each machine that is there does at once what it is told, and time is only as long as
 * something waits for it.
 */
final class Trial {
    /** What has not happened by then is not waited for: a pause of a unit's, metadata's end. */
    private static final Duration HORIZON = Duration.ofMinutes(10);

    /** Decisions after which the end is not looked for any further. */
    private static final int DECISIONS_MAX = 1_000_000;

    /** Nobody can foretell that a unit fails. */
    private static final Health WELL = new Health(Verdict.HEALTHY, "", 1);

    private final Map<Key, Stored> entries = new LinkedHashMap<>();
    private final EngineMachine engine = new EngineMachine();
    private final Deque<Event> inbox = new ArrayDeque<>();
    private final List<Decision> decided = new ArrayList<>();
    private Now now;
    private long wakeMillis = Long.MAX_VALUE;
    private long revision;
    private boolean settled = true;

    Trial(Collection<Stored> cluster, Now now) {
        this.now = now;
        for (Stored stored : cluster) {
            entries.put(stored.entry().key(), stored);
            revision = Math.max(revision, stored.revision());
        }
        inbox.add(new Event.Listed(List.copyOf(cluster), revision));
    }

    Now now() {
        return now;
    }

    /** False when the end was not found. */
    boolean isSettled() {
        return settled;
    }

    /** As it stands now. */
    Cluster cluster() {
        Cluster cluster = new Cluster();
        entries.values().forEach(stored -> cluster.put(stored.entry(), stored.revision()));
        return cluster;
    }

    /** What a machine says under its lease. */
    List<Key> leased(String machine) {
        return entries.keySet().stream().filter(key -> isLeased(key, machine)).toList();
    }

    private static boolean isLeased(Key key, String machine) {
        return switch (key) {
            case Key.OfMachine(String id) -> id.equals(machine);
            case Key.OfLeaving(String id) -> id.equals(machine);
            case Key.OfAcknowledgement(String id, String _) -> id.equals(machine);
            case Key.OfState(String id, String _) -> id.equals(machine);
            case Key.OfHolding(String id) -> id.equals(machine);
            default -> false;
        };
    }

    /** What writing that entry would be. */
    Change put(Entry entry) {
        return new Change.Put(entry, revision + 1);
    }

    /** Has something happen, in one transaction. */
    void change(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        revision++;
        for (Change change : changes) {
            switch (change) {
                case Change.Put(Entry entry, long at) ->
                        entries.put(entry.key(), new Stored(entry, at));
                case Change.Removed(Key key) -> entries.remove(key);
            }
        }
        inbox.add(new Event.Changed(changes, revision));
    }

    /** Goes on until nothing happens any more; returns what the engine decided on the way. */
    List<Decision> settle() {
        int before = decided.size();
        long end = now.monotonicMillis() + HORIZON.toMillis();
        while (decided.size() < DECISIONS_MAX) {
            if (!inbox.isEmpty()) {
                hear(inbox.remove());
            } else if (!obey() && !sleep(end)) {
                return List.copyOf(decided.subList(before, decided.size()));
            }
        }
        settled = false;
        return List.copyOf(decided.subList(before, decided.size()));
    }

    private void hear(Event event) {
        for (Action action : engine.on(event, now)) {
            switch (action) {
                case Action.Carry(long number, Decision decision) -> carry(number, decision);
                case Action.WakeAt(long monotonicMillis) -> wakeMillis = monotonicMillis;
            }
        }
    }

    private void carry(long number, Decision decision) {
        Transaction transaction = Transaction.of(decision, now.wallMillis());
        if (!transaction.conditions().stream().allMatch(each -> each.holds(this::revisionOf))) {
            inbox.add(new Event.Refused(number));
            return;
        }
        decided.add(decision);
        List<Change> changes = new ArrayList<>();
        transaction.puts().forEach(entry -> changes.add(put(entry)));
        transaction.deletes().forEach(key -> changes.add(new Change.Removed(key)));
        change(changes);
        inbox.add(new Event.Done(number, revision));
    }

    private long revisionOf(Key key) {
        Stored there = entries.get(key);
        return there == null ? 0 : there.revision();
    }

    /** Every machine that is there does what it is told; false when all have. */
    private boolean obey() {
        List<Change> changes = new ArrayList<>();
        for (Stored stored : entries.values()) {
            if (stored.entry()
                            instanceof
                            Entry.OfPlacement(var machine, var unit, Assignment told, _, _)
                    && entries.containsKey(new Key.OfMachine(machine))) {
                Acknowledgement said =
                        new Acknowledgement(
                                stored.revision(),
                                told.generation(),
                                told.isWithdrawn(),
                                told.desired() == JobState.LAUNCHED ? WELL : Health.UNKNOWN);
                Entry.OfAcknowledgement answer = new Entry.OfAcknowledgement(machine, unit, said);
                Stored before = entries.get(answer.key());
                if (before == null || !before.entry().equals(answer)) {
                    changes.add(put(answer));
                }
            }
        }
        change(changes);
        return !changes.isEmpty();
    }

    /** Lets time pass until something is due; false when nothing is before the end. */
    private boolean sleep(long end) {
        if (wakeMillis > end) {
            return false;
        }
        long passed = Math.max(1, wakeMillis - now.monotonicMillis());
        now = new Now(now.monotonicMillis() + passed, now.wallMillis() + passed);
        inbox.add(new Event.Tick());
        return true;
    }
}
