package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import java.util.Optional;

/**
 * How a unit that is not global fares, by what its machine says of what is asked of it now: what
 * was said of an earlier text, or of an earlier start, counts for nothing.
 */
public final class Fitness {
    private Fitness() {}

    /** What is not known of it has words that say why. */
    public static Health of(Cluster cluster, String unit) {
        Optional<Job> job = cluster.job(unit);
        Optional<String> owner = cluster.owner(unit);
        if (job.isEmpty() || owner.isEmpty()) {
            return unknown("it is on no machine");
        }
        return on(owner.get(), cluster, job.get());
    }

    private static Health on(String machine, Cluster cluster, Job job) {
        boolean told =
                cluster.placement(machine, job.name()).filter(job.assignment()::equals).isPresent();
        Optional<Acknowledgement> answer =
                cluster.answer(machine, job.name())
                        .filter(said -> told && said.generation() == job.generation());
        if (answer.isEmpty()) {
            return unknown("its machine " + machine + " has not carried it out");
        }
        if (job.desired() == JobState.LOADED) {
            return new Health(Verdict.HEALTHY, "", 0);
        }
        Health said = answer.get().health();
        boolean silent = said.verdict() == Verdict.UNKNOWN && said.words().isEmpty();
        return silent ? unknown("its machine " + machine + " has not said how it fares") : said;
    }

    private static Health unknown(String words) {
        return new Health(Verdict.UNKNOWN, words, 0);
    }
}
