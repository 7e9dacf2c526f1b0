package flotilla.fleet.engine;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A template's instances 1, 2 and 10, each on some machine, run an old text, and a new one is
 * rolled out: the whole engine decides, and machines do what they are told when a test says so.
 */
final class RollingWorld {
    static final String SET = "api@.service";
    static final String OLD = "MachineMetadata=";
    static final String NEW = "OnLost=keep";
    static final String OTHER = "OnLost=stop";

    /** Healthy for ten seconds, within a minute. */
    static final Policy POLICY = new Policy(1, 10_000, 60_000, true);

    final World world = new World();

    static String api(int instance) {
        return "api@" + instance + ".service";
    }

    static Health healthy(long count) {
        return new Health(Verdict.HEALTHY, "", count);
    }

    void runOld() {
        world.boots("m1", "m2", "m3");
        world.job(SET, OLD, JobState.INACTIVE);
        for (int i : new int[] {1, 2, 10}) {
            world.job(api(i), OLD, JobState.LAUNCHED);
        }
        settle(0);
        for (int i : new int[] {1, 2, 10}) {
            says(i, healthy(1));
        }
        settle(0);
    }

    /** The template has the new text at once, as the API does it. */
    void begin(Policy policy) {
        String old = hash(SET);
        world.job(SET, NEW, JobState.INACTIVE);
        begin(SET, hash(SET), Set.of(old), policy);
    }

    void begin(String set, String hash, Set<String> from, Policy policy) {
        Optional<String> before = set.contains("@") ? from.stream().findFirst() : Optional.empty();
        Stage stage = new Stage(Phase.RUNNING, "", World.BEGUN);
        world.put(new Entry.OfRollout(new Rollout(set, hash, before, from, policy, stage, "me")));
    }

    void begin() {
        runOld();
        begin(POLICY);
    }

    String hash(String unit) {
        return world.job(unit).hash();
    }

    void says(int instance, Health health) {
        String unit = api(instance);
        world.owner(unit).ifPresent(machine -> world.says(machine, unit, health));
    }

    void says(int instance, Verdict verdict) {
        says(instance, new Health(verdict, verdict == Verdict.HEALTHY ? "" : "by its check", 1));
    }

    void settle(long second) {
        var _ = world.at(second);
    }

    /** The instances that have the new text after that second. */
    Set<Integer> renewed(long second) {
        settle(second);
        Set<Integer> renewed = new TreeSet<>();
        for (int i : new int[] {1, 2, 10}) {
            if (world.has(new Key.OfJob(api(i))) && hash(api(i)).equals(rollout().hash())) {
                renewed.add(i);
            }
        }
        return renewed;
    }

    Rollout rollout() {
        return rollout(SET);
    }

    Rollout rollout(String set) {
        if (world.get(new Key.OfRollout(set)) instanceof Entry.OfRollout(Rollout rollout)) {
            return rollout;
        }
        throw new AssertionError("there is no rollout");
    }

    void is(Phase phase) {
        is(SET, phase);
    }

    void is(String set, Phase phase) {
        world.put(new Entry.OfRollout(rollout(set).in(new Stage(phase, "", World.BEGUN))));
    }
}
