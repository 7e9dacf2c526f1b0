package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.GlobalRollout;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whose turn it is among units that are to be started anew one after another: a unit waits until
 * all of its wave with lower positions are done, or have taken longer than {@link #LIMIT}.
 */
final class Turns {
    /** How long a unit may take before the next one goes on without it. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final Now now;
    private final Alarm alarm;

    Turns(Cluster cluster, Now now, Alarm alarm) {
        this.cluster = cluster;
        this.now = now;
        this.alarm = alarm;
    }

    /**
     * @param goes whether it is the unit's turn
     * @param late the first of those before it that took too long; empty when none did
     */
    record Answer(boolean goes, Optional<String> late) {}

    /**
     * A unit that is on several machines is started anew on one after another, by their ids.
     *
     * @param machine where the unit is
     */
    Answer ask(Job job, String machine) {
        Optional<String> late = Optional.empty();
        List<Ahead> ahead = new ArrayList<>();
        before(job).forEach(other -> ahead.addAll(undone(other, _ -> true)));
        if (job.turn().isPresent()) {
            ahead.addAll(undone(job, there -> there.compareTo(machine) < 0));
        }
        for (Ahead waited : ahead) {
            if (isLate(waited.job(), waited.told())) {
                late = late.or(() -> Optional.of(waited.job().name()));
            } else {
                return new Answer(false, Optional.empty());
            }
        }
        return new Answer(true, late);
    }

    /** What a machine that is there is told of a unit and has not carried out. */
    private record Ahead(Job job, Told told) {}

    private List<Job> before(Job job) {
        return job.turn()
                .map(turn ->
                        cluster.inWave(turn.id()).stream()
                                .filter(other -> position(other) < turn.position())
                                .toList())
                .orElse(List.of());
    }

    private static int position(Job job) {
        return job.turn().map(Turn::position).orElse(0);
    }

    private List<Ahead> undone(Job job, Predicate<String> machines) {
        if (job.desired() != JobState.LAUNCHED) {
            return List.of();
        }
        // One that is left alone is told nothing more; what it was told is waited for.
        boolean leftAlone = cluster.isLeftAlone(job.name());
        return cluster.told(job.name()).entrySet().stream()
                .filter(told -> machines.test(told.getKey()) && cluster.hasMachine(told.getKey()))
                .filter(told -> !told.getValue().isWithdrawn())
                .filter(told -> !leftAlone || isTold(job, told.getKey(), told.getValue()))
                .filter(told -> !isDone(job, told.getKey(), told.getValue()))
                .map(told -> new Ahead(job, told.getValue()))
                .toList();
    }

    private boolean isDone(Job job, String machine, Told told) {
        return isTold(job, machine, told)
                && cluster.answer(machine, job.name())
                        .map(Acknowledgement::generation)
                        .filter(generation -> generation >= job.generation())
                        .isPresent();
    }

    private boolean isTold(Job job, String machine, Told told) {
        Job its = GlobalRollout.on(cluster, job, machine);
        return told.assignment().filter(its.assignment()::equals).isPresent();
    }

    /** Only once it was told: until then it waits itself. */
    private boolean isLate(Job job, Told told) {
        boolean isTold =
                told.assignment().map(Assignment::generation).orElse(0L) >= job.generation();
        if (!isTold || told.sinceMillis() == 0) {
            return false;
        }
        // A clock that was set back, by more than engines' clocks differ, prolongs no waiting.
        long restMillis = told.sinceMillis() + LIMIT.toMillis() - now.wallMillis();
        boolean late = restMillis <= 0 || restMillis > 2 * LIMIT.toMillis();
        if (!late) {
            alarm.in(restMillis);
        }
        return late;
    }
}
