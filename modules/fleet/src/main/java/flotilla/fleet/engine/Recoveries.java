package flotilla.fleet.engine;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Rollout.Policy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Since when units that rollouts are about fare as they do, by this engine's own monotonic clock:
 * from when it heard of it, or from when it first looked. Another engine counts anew. It hears of
 * every change, so that a unit that was not healthy for a moment begins anew, too.
 */
final class Recoveries {
    private final Map<Id, Watch> watches = new HashMap<>();

    /** Of a copy. */
    private record Id(String unit, String machine) {
        static Id of(Copy copy) {
            return new Id(copy.job().name(), copy.machine());
        }
    }

    /** How a unit fares since it was last told something. */
    sealed interface Fate {
        /** It has been healthy for long enough, or has nothing to be healthy in. */
        record Settled() implements Fate {}

        /** Nobody can tell yet. */
        record UnderWay() implements Fate {}

        /** It has not settled within the time that it may take. */
        record Late(String reason) implements Fate {}

        /** It won't come up by itself. */
        record Failed(String reason) implements Fate {}
    }

    /**
     * @param revision of what was asked of it: what was asked later begins anew
     * @param sinceMillis from when on it has this health
     * @param unsettledMillis from when on it is to settle
     */
    private record Watch(
            long revision, Policy policy, Health health, long sinceMillis, long unsettledMillis) {
        static Watch begun(long revision, Policy policy, Health health, long millis) {
            return new Watch(revision, policy, health, millis, millis);
        }

        boolean isSettled(long millis) {
            return health.isHealthy() && millis - sinceMillis >= policy.minHealthyMillis();
        }

        Watch seen(long ofRevision, Health now, long millis) {
            if (ofRevision != revision) {
                return begun(ofRevision, policy, now, millis);
            }
            if (now.equals(health)) {
                return this;
            }
            long unsettled = isSettled(millis) ? millis : unsettledMillis;
            return new Watch(revision, policy, now, millis, unsettled);
        }
    }

    /** The thread of changes broke: units may have failed and recovered meanwhile. */
    void restart() {
        watches.clear();
    }

    /** Something about that key has changed, and stands in the cluster now. */
    void heard(Cluster cluster, Key key, Now now) {
        switch (key) {
            case Key.OfAcknowledgement(String machine, String unit) ->
                    look(cluster, unit, machine, now);
            case Key.OfPlacement(String machine, String unit) -> look(cluster, unit, machine, now);
            case Key.OfOwner(String unit) -> look(cluster, unit, now);
            case Key.OfJob(String unit) -> look(cluster, unit, now);
            default -> {}
        }
    }

    private void look(Cluster cluster, String unit, String machine, Now now) {
        cluster.job(unit).ifPresent(job -> look(cluster, new Copy(job, machine), now));
        look(cluster, unit, now);
    }

    private void look(Cluster cluster, String unit, Now now) {
        cluster.job(unit).ifPresent(job -> look(cluster, Copy.of(job), now));
    }

    private void look(Cluster cluster, Copy copy, Now now) {
        watches.computeIfPresent(
                Id.of(copy),
                (_, watch) ->
                        watch.seen(
                                copy.revision(cluster),
                                copy.health(cluster),
                                now.monotonicMillis()));
    }

    /** Of others than these nothing is kept: they are looked at anew. */
    void keepOnly(Set<Copy> copies) {
        watches.keySet().retainAll(copies.stream().map(Id::of).collect(Collectors.toSet()));
    }

    /** Asks for the alarm when time alone changes the answer. */
    Fate of(Cluster cluster, Copy copy, Policy policy, Alarm alarm) {
        if (!copy.runs()) {
            return new Fate.Settled();
        }
        long millis = alarm.now().monotonicMillis();
        Watch watch = watches.get(Id.of(copy));
        if (watch == null || !watch.policy().equals(policy)) {
            watch = Watch.begun(copy.revision(cluster), policy, copy.health(cluster), millis);
            watches.put(Id.of(copy), watch);
        }
        Health health = watch.health();
        if (health.verdict() == Verdict.FAILED) {
            return new Fate.Failed(
                    "%s %s".formatted(copy.name(), orElse(health.words(), "failed")));
        }
        if (watch.isSettled(millis)) {
            return new Fate.Settled();
        }
        long deadline = watch.unsettledMillis() + policy.deadlineMillis();
        if (millis >= deadline) {
            return new Fate.Late(
                    "%s has not become healthy within %d s: %s"
                            .formatted(
                                    copy.name(),
                                    policy.deadlineMillis() / 1000,
                                    orElse(health.words(), "it does not stay healthy")));
        }
        alarm.at(deadline);
        if (health.isHealthy()) {
            alarm.at(watch.sinceMillis() + policy.minHealthyMillis());
        }
        return new Fate.UnderWay();
    }

    private static String orElse(String words, String other) {
        return words.isEmpty() ? other : words;
    }
}
