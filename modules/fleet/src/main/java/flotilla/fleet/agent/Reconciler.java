package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to do so that this machine's init has what the machine is told. The order of steps is
 * fleet's ({@code agent/reconcile.go}): unload, load, reload, stop, start; by name within each.
 *
 * <p>A unit is started once, when it is launched: one that fails or ends later is the business of
 * its own {@code Restart=}, and one that somebody stopped by hand stays stopped. At another
 * generation it is started anew. Another text means unloading first: the old process is gone before
 * the new one starts.
 */
final class Reconciler {
    private final Map<String, Told> told;
    private final List<Step> unload = new ArrayList<>();
    private final List<Step> load = new ArrayList<>();
    private final List<Step> stop = new ArrayList<>();
    private final List<Step> start = new ArrayList<>();

    private Reconciler(Map<String, Told> told) {
        this.told = told;
    }

    static List<Step> decide(Map<String, Told> told, Map<String, Held> held) {
        return new Reconciler(told).steps(held);
    }

    private List<Step> steps(Map<String, Held> held) {
        new TreeMap<>(held).forEach(this::held);
        new TreeMap<>(told)
                .forEach((unit, its) -> {
                    if (Told.isWanted(its) && !held.containsKey(unit)) {
                        bring(unit, its.assignment());
                    }
                });
        List<Step> steps = new ArrayList<>(unload);
        steps.addAll(load);
        if (!load.isEmpty()) {
            steps.add(new Step.Reload("files were written"));
        }
        steps.addAll(stop);
        steps.addAll(start);
        return steps;
    }

    private void held(String unit, Held have) {
        Told its = told.get(unit);
        if (have.phase() == Phase.UNLOADING) {
            return;
        }
        if (its == null) {
            unload.add(new Step.Unload(unit, "no longer this machine's"));
            return;
        }
        Assignment want = its.assignment();
        long generation = want.generation();
        if (want.isWithdrawn()) {
            unload.add(new Step.Unload(unit, "withdrawn"));
        } else if (!want.hash().equals(have.hash())) {
            unload.add(new Step.Unload(unit, "loaded, but its text differs"));
        } else if (!have.isAs(want)) {
            if (want.desired() == JobState.LOADED) {
                stop.add(new Step.Stop(unit, generation, "launched, but wanted loaded"));
            } else if (have.phase() == Phase.LOADED) {
                start.add(new Step.Start(unit, generation, "loaded, but wanted launched"));
            } else {
                start.add(new Step.Restart(unit, generation, "asked for anew"));
            }
        }
    }

    private void bring(String unit, Assignment want) {
        long generation = want.generation();
        load.add(new Step.Load(unit, want.hash(), generation, "new on this machine"));
        if (want.desired() == JobState.LAUNCHED) {
            start.add(new Step.Start(unit, generation, "new, and wanted launched"));
        }
    }

    /**
     * What to answer to what the machine is told of a unit; empty while it is not carried out.
     *
     * @param have none when the init has nothing of it: it has stopped, and its file is gone
     */
    static Optional<Acknowledgement> answer(Told told, @Nullable Held have) {
        Assignment want = told.assignment();
        if (told.revision() == Told.UNREAD) {
            return Optional.empty();
        }
        boolean released = want.isWithdrawn() && have == null;
        return released || (have != null && have.isAs(want))
                ? Optional.of(new Acknowledgement(told.revision(), want.generation(), released))
                : Optional.empty();
    }
}
