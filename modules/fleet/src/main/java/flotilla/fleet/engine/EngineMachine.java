package flotilla.fleet.engine;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Event.Changed;
import flotilla.fleet.engine.Event.Done;
import flotilla.fleet.engine.Event.Listed;
import flotilla.fleet.engine.Event.Refused;
import flotilla.fleet.engine.Event.Tick;
import flotilla.fleet.engine.Event.Unknown;
import flotilla.fleet.engine.Reconciler.Verdict;
import flotilla.fleet.job.Now;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One engine's term as a step machine: what it hears goes in, what it wants done comes out. It
 * decides from all it has heard, in one pass; and after a pass not again before every outcome is
 * known and it has heard of its own last write: so it doesn't decide the same thing twice. A write
 * of which nobody knows whether it happened is looked at again through the watch: should it be
 * decided once more, the revisions that it names let only one of both happen.
 */
public final class EngineMachine {
    /** After how long it decides again what was refused, or came to an unknown end. */
    static final Duration RETRY = Duration.ofSeconds(1);

    /** After how long it looks again although there is no need; for what goes after days. */
    static final Duration IDLE = Duration.ofHours(1);

    private final Absences absences = new Absences();
    private final Agenda agenda = new Agenda();
    private final Recoveries recoveries = new Recoveries();
    private final Set<Long> waiting = new HashSet<>();
    private Cluster cluster = new Cluster();
    private boolean listed;
    private long heard;
    private long lastWrite;
    private long lastNumber;
    private boolean retries;

    /** What to do now. The last action says when to send a tick. */
    public List<Action> on(Event event, Now now) {
        switch (event) {
            case Listed(List<Stored> entries, long revision) -> {
                cluster = new Cluster();
                entries.forEach(stored -> cluster.put(stored.entry(), stored.revision()));
                absences.restart();
                agenda.all(cluster);
                recoveries.restart();
                listed = true;
                heard = revision;
            }
            case Changed(List<Change> changes, long revision) -> {
                changes.forEach(change -> apply(change, now));
                heard = revision;
            }
            case Done(long number, long revision) -> {
                waiting.remove(number);
                lastWrite = Math.max(lastWrite, revision);
            }
            case Refused(long number) -> {
                waiting.remove(number);
                retries = true;
            }
            case Unknown(long number) -> {
                waiting.remove(number);
                retries = true;
            }
            case Tick() -> {}
        }
        boolean knowsAll = listed && waiting.isEmpty() && heard >= lastWrite;
        boolean isOutcome =
                event instanceof Done || event instanceof Refused || event instanceof Unknown;
        return knowsAll && !(isOutcome && retries) ? decide(now) : pause(now);
    }

    private void apply(Change change, Now now) {
        switch (change) {
            case Change.Put put -> {
                cluster.put(put.entry(), put.revision());
                agenda.changed(put.entry().key(), cluster);
                recoveries.heard(cluster, put.entry().key(), now);
            }
            case Change.Removed removed -> {
                cluster.remove(removed.key());
                agenda.changed(removed.key(), cluster);
                recoveries.heard(cluster, removed.key(), now);
                if (removed.key() instanceof Key.OfMachine(String machine)) {
                    absences.gone(machine, now.monotonicMillis());
                }
            }
        }
    }

    private List<Action> decide(Now now) {
        retries = false;
        Alarm alarm = new Alarm(now);
        Rollouts.Turns turns = Rollouts.decide(cluster, recoveries, now, alarm);
        agenda.add(turns.renewals());
        Verdict verdict = Reconciler.decide(cluster, agenda, absences, now);
        verdict.wakeAtMillis().ifPresent(alarm::at);
        List<Decision> decisions = new ArrayList<>(verdict.decisions());
        decisions.addAll(turns.decisions());
        List<Action> actions = new ArrayList<>();
        for (Decision decision : decisions) {
            lastNumber++;
            waiting.add(lastNumber);
            actions.add(new Action.Carry(lastNumber, decision));
        }
        long idle = now.monotonicMillis() + IDLE.toMillis();
        actions.add(new Action.WakeAt(Math.min(idle, alarm.earliest().orElse(idle))));
        return actions;
    }

    /** Until the watch brings news. */
    private List<Action> pause(Now now) {
        return List.of(new Action.WakeAt(now.monotonicMillis() + RETRY.toMillis()));
    }
}
