package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to do so that this machine's init has what the machine is told. The order of steps is
 * fleet's ({@code agent/reconcile.go}): unload, load, reload, stop, start; by name within each.
 *
 * <p>A unit is started once, when it is launched: one that fails or ends later is the business of
 * its own {@code Restart=}, and one that somebody stopped by hand stays stopped. Another text means
 * unloading first: the old process is gone before the new one starts.
 */
public final class Reconciler {
    private Reconciler() {}

    public static List<Step> decide(Map<String, Assignment> wanted, Map<String, Held> held) {
        List<Step> unload = new ArrayList<>();
        List<Step> load = new ArrayList<>();
        List<Step> stop = new ArrayList<>();
        List<Step> start = new ArrayList<>();
        new TreeMap<>(held)
                .forEach((unit, have) -> {
                    Assignment want = wanted.get(unit);
                    if (have.phase() == Phase.UNLOADING) {
                        return;
                    }
                    if (want == null) {
                        unload.add(new Step.Unload(unit, "no longer this machine's"));
                    } else if (!want.hash().equals(have.hash())) {
                        unload.add(new Step.Unload(unit, "loaded, but its text differs"));
                    } else if (want.desired() == JobState.LOADED
                            && have.phase() == Phase.LAUNCHED) {
                        stop.add(new Step.Stop(unit, "launched, but wanted loaded"));
                    } else if (want.desired() == JobState.LAUNCHED
                            && have.phase() == Phase.LOADED) {
                        start.add(new Step.Start(unit, "loaded, but wanted launched"));
                    }
                });
        new TreeMap<>(wanted)
                .forEach((unit, want) -> {
                    if (held.containsKey(unit)) {
                        return;
                    }
                    load.add(new Step.Load(unit, want.hash(), "new on this machine"));
                    if (want.desired() == JobState.LAUNCHED) {
                        start.add(new Step.Start(unit, "new, and wanted launched"));
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
}
