package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import java.util.Optional;

/**
 * How a unit fares, by what its machine says of what is asked of it now: what was said of an
 * earlier text, or of an earlier start, counts for nothing.
 */
public final class Fitness {
    private Fitness() {}

    /** One that is not global. What is not known of it has words that say why. */
    public static Health of(Cluster cluster, String unit) {
        Optional<Job> job = cluster.job(unit);
        Optional<String> owner = cluster.owner(unit);
        if (job.isEmpty() || owner.isEmpty()) {
            return unknown("it is on no machine");
        }
        boolean told =
                cluster.placement(owner.get(), unit)
                        .filter(job.get().assignment()::equals)
                        .isPresent();
        return told ? on(owner.get(), cluster, unit) : late(owner.get());
    }

    /**
     * On one machine, with what that one was told last: which may be another text than is wanted.
     */
    public static Health on(String machine, Cluster cluster, String unit) {
        Optional<Assignment> told = cluster.placement(machine, unit);
        Optional<Acknowledgement> answer =
                cluster.answer(machine, unit)
                        .filter(said ->
                                told.filter(its -> its.generation() == said.generation())
                                        .isPresent());
        if (answer.isEmpty()) {
            return late(machine);
        }
        if (told.filter(its -> its.desired() == JobState.LOADED).isPresent()) {
            return new Health(Verdict.HEALTHY, "", 0);
        }
        Health said = answer.get().health();
        boolean silent = said.verdict() == Verdict.UNKNOWN && said.words().isEmpty();
        return silent ? unknown("its machine " + machine + " has not said how it fares") : said;
    }

    private static Health late(String machine) {
        return unknown("its machine " + machine + " has not carried it out");
    }

    private static Health unknown(String words) {
        return new Health(Verdict.UNKNOWN, words, 0);
    }
}
