package flotilla.fleet.plan;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something that is done, or happens, for a plan. */
public sealed interface Supposition {
    /** What it is in the store. */
    List<Change> changes(Trial trial);

    /** A machine dies: its lease ends, and with it what it says. */
    record Lost(String machineId) implements Supposition {
        @Override
        public List<Change> changes(Trial trial) {
            return trial.leased(machineId).stream().<Change>map(Change.Removed::new).toList();
        }
    }

    /** People let a machine be used for that. */
    record Eligible(String machineId, Eligibility eligibility) implements Supposition {
        @Override
        public List<Change> changes(Trial trial) {
            return List.of(
                    eligibility == Eligibility.READY
                            ? new Change.Removed(new Key.OfEligibility(machineId))
                            : trial.put(new Entry.OfEligibility(machineId, eligibility)));
        }
    }

    /**
     * A unit is wanted so.
     *
     * @param text another text, or that of a new unit; empty when it stays the same
     */
    record Wanted(String unit, Optional<Entry.OfText> text, JobState desired)
            implements Supposition {
        @Override
        public List<Change> changes(Trial trial) {
            List<Change> changes = new ArrayList<>();
            text.ifPresent(other -> changes.add(trial.put(other)));
            Optional<Job> known = trial.cluster().job(unit);
            Optional<String> hash = text.map(Entry.OfText::hash).or(() -> known.map(Job::hash));
            if (hash.isEmpty() || known.filter(job -> isSo(job, hash.get())).isPresent()) {
                return changes;
            }
            Job job =
                    known.map(before -> before.with(hash.get(), desired))
                            .orElseGet(() -> new Job(unit, hash.get(), desired));
            changes.add(trial.put(new Entry.OfJob(job)));
            return changes;
        }

        private boolean isSo(Job job, String hash) {
            return job.hash().equals(hash) && job.desired() == desired;
        }
    }

    /** A unit is destroyed. */
    record Destroyed(String unit) implements Supposition {
        @Override
        public List<Change> changes(Trial trial) {
            return List.of(new Change.Removed(new Key.OfJob(unit)));
        }
    }
}
