package flotilla.fleet.engine;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Course;
import flotilla.fleet.engine.Decision.Dismiss;
import flotilla.fleet.engine.Decision.Forget;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Overlap;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Release;
import flotilla.fleet.engine.Decision.Remember;
import flotilla.fleet.engine.Decision.Renew;
import flotilla.fleet.engine.Decision.Retext;
import flotilla.fleet.engine.Decision.Steer;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Target;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Wish;
import flotilla.fleet.engine.Decision.Withdraw;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Rollout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * What one decision is in the store: on which conditions, and what is written then. The conditions
 * are that nothing it was decided from has changed. No key is written twice.
 */
public final class Transaction {
    private final long nowMillis;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Entry> puts = new ArrayList<>();
    private final List<Key> deletes = new ArrayList<>();

    /** What a key must be like. */
    public sealed interface Condition {
        /**
         * @param revisions of each key's last change; 0 of one that is not there
         */
        default boolean holds(ToLongFunction<Key> revisions) {
            return switch (this) {
                case Exists(Key key) -> revisions.applyAsLong(key) != 0;
                case Unchanged(Key key, long revision) -> revisions.applyAsLong(key) == revision;
            };
        }

        /**
         * @param revision of its last change; 0 when it must not be there
         */
        record Unchanged(Key key, long revision) implements Condition {}

        record Exists(Key key) implements Condition {}
    }

    private Transaction(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public static Transaction of(Decision decision, long nowMillis) {
        Transaction transaction = new Transaction(nowMillis);
        transaction.take(decision);
        return transaction;
    }

    public List<Condition> conditions() {
        return Collections.unmodifiableList(conditions);
    }

    public List<Entry> puts() {
        return Collections.unmodifiableList(puts);
    }

    public List<Key> deletes() {
        return Collections.unmodifiableList(deletes);
    }

    /** What counts for the store's limit: the larger number of conditions and operations. */
    public int size() {
        return Math.max(conditions.size(), puts.size() + deletes.size());
    }

    private void take(Decision decision) {
        switch (decision) {
            case Place(Wish wish, Target to, boolean global, _) -> {
                if (!global) {
                    when(new Key.OfOwner(wish.job().name()), 0);
                    put(new Entry.OfOwner(wish.job().name(), to.machineId()));
                }
                comes(wish, to);
            }
            case Update(Wish wish, Hold from, _) -> update(wish, from);
            case Renew(Wish wish, Hold from, Course course, _) -> {
                when(new Key.OfRollout(course.set()), course.revision());
                update(wish, from);
            }
            case Withdraw(String unit, long jobRevision, Hold from, Assignment told, _) -> {
                when(new Key.OfJob(unit), jobRevision);
                still(unit, from);
                tell(from, unit, told);
            }
            case Release(String unit, Hold from, _) -> {
                leaves(unit, from);
                disown(unit, from);
            }
            case Strike(String unit, Hold from, var strikes, _) -> {
                leaves(unit, from);
                disown(unit, from);
                put(new Entry.OfStrikes(unit, strikes));
            }
            case Move(Wish wish, Hold from, Target to, _) -> {
                leaves(wish.job().name(), from);
                put(new Entry.OfOwner(wish.job().name(), to.machineId()));
                comes(wish, to);
            }
            case Overlap(Wish wish, Hold from, Assignment told, Target to, _) -> {
                still(wish.job().name(), from);
                tell(from, wish.job().name(), told);
                put(new Entry.OfOwner(wish.job().name(), to.machineId()));
                comes(wish, to);
            }
            case Forgive(String unit, long revision, _) -> drop(new Key.OfStrikes(unit), revision);
            case Collect(String hash, long revision, _) -> drop(new Key.OfText(hash), revision);
            case Remember(String machine, var sighting, long revision, _) -> {
                when(new Key.OfSighting(machine), revision);
                if (sighting.isGone()) {
                    when(new Key.OfMachine(machine), 0);
                }
                put(new Entry.OfSighting(machine, sighting));
            }
            case Retext(Job next, long revision, Course course, _) -> {
                when(new Key.OfJob(next.name()), revision);
                when(new Key.OfRollout(course.set()), course.revision());
                conditions.add(new Condition.Exists(new Key.OfText(next.hash())));
                put(new Entry.OfJob(next));
            }
            case Steer(Rollout next, long revision, _) -> {
                when(new Key.OfRollout(next.name()), revision);
                put(new Entry.OfRollout(next));
            }
            case Dismiss(String set, long revision, _) -> drop(new Key.OfRollout(set), revision);
            case Forget(String machine, Key key, long revision, _) -> {
                when(new Key.OfMachine(machine), 0);
                drop(key, revision);
            }
        }
    }

    /** A machine that may have units, and is there, gets this one. */
    private void comes(Wish wish, Target to) {
        String unit = wish.job().name();
        when(new Key.OfJob(unit), wish.revision());
        // Once a machine is cordoned no unit comes, not even by a decision from just before.
        when(new Key.OfEligibility(to.machineId()), 0);
        conditions.add(new Condition.Exists(new Key.OfMachine(to.machineId())));
        when(new Key.OfPlacement(to.machineId(), unit), to.toldRevision());
        tell(to.machineId(), unit, wish.job().assignment(), to.texts());
    }

    private void update(Wish wish, Hold from) {
        String unit = wish.job().name();
        when(new Key.OfJob(unit), wish.revision());
        still(unit, from);
        tell(from, unit, wish.job().assignment());
    }

    /** What the machine has of the unit, and that it is or is not there, is as it was. */
    private void still(String unit, Hold from) {
        when(new Key.OfPlacement(from.machineId(), unit), from.placementRevision());
        if (from.ownerRevision() != 0) {
            when(new Key.OfOwner(unit), from.ownerRevision());
        }
        if (from.gone()) {
            when(new Key.OfMachine(from.machineId()), 0);
        }
    }

    private void leaves(String unit, Hold from) {
        still(unit, from);
        deletes.add(new Key.OfPlacement(from.machineId(), unit));
        deletes.add(new Key.OfAcknowledgement(from.machineId(), unit));
    }

    private void disown(String unit, Hold from) {
        if (from.ownerRevision() != 0) {
            deletes.add(new Key.OfOwner(unit));
        }
    }

    private void when(Key key, long revision) {
        conditions.add(new Condition.Unchanged(key, revision));
    }

    private void drop(Key key, long revision) {
        when(key, revision);
        deletes.add(key);
    }

    private void put(Entry entry) {
        puts.add(entry);
    }

    private void tell(Hold from, String unit, Assignment assignment) {
        tell(from.machineId(), unit, assignment, from.texts());
    }

    private void tell(String machine, String unit, Assignment assignment, Set<String> texts) {
        Set<String> others = new TreeSet<>(texts);
        others.remove(assignment.hash());
        put(new Entry.OfPlacement(machine, unit, assignment, nowMillis, others));
    }
}
