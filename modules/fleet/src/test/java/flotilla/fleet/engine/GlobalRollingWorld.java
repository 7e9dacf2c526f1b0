package flotilla.fleet.engine;

import static flotilla.fleet.engine.RollingWorld.healthy;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.units.UnitFile;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A unit that is on each of three machines runs an old text, and a new one is rolled out, as in
 * {@link RollingWorld}.
 */
final class GlobalRollingWorld {
    static final String UNIT = "node.service";
    static final String[] MACHINES = {"m1", "m2", "m3"};

    /** Healthy for ten seconds, within a minute. */
    static final Policy POLICY = new Policy(1, 10_000, 60_000, true);

    final World world = new World();
    String old = "";
    String fresh = "";

    static UnitFile text(String more) {
        return UnitFile.parse(
                "[Service]\nExecStart=/bin/x\n[X-Fleet]\nGlobal=true\n" + more + "\n");
    }

    void runs() {
        world.boots(MACHINES);
        old = world.job(UNIT, "Global=true", JobState.LAUNCHED).hash();
        settle(0);
        all(healthy(1));
        settle(0);
    }

    void all(Health health) {
        for (String machine : MACHINES) {
            world.says(machine, UNIT, health);
        }
    }

    void begins(Policy policy) {
        begins("OnLost=keep", policy);
        fresh = rollout().hash();
    }

    void begins(String more, Policy policy) {
        UnitFile file = text(more);
        world.put(new Entry.OfText(file.hash(), file.fleetText()));
        String now = world.job(UNIT).hash();
        Stage stage = new Stage(Phase.RUNNING, "", World.BEGUN);
        world.put(
                new Entry.OfRollout(
                        new Rollout(
                                UNIT,
                                file.hash(),
                                Optional.of(now),
                                Set.of(now),
                                policy,
                                stage,
                                "me")));
    }

    void begins() {
        runs();
        begins(POLICY);
    }

    Rollout rollout() {
        if (world.get(new Key.OfRollout(UNIT)) instanceof Entry.OfRollout(Rollout rollout)) {
            return rollout;
        }
        throw new AssertionError("there is no rollout");
    }

    void is(Phase phase) {
        world.put(new Entry.OfRollout(rollout().in(new Stage(phase, "", World.BEGUN))));
    }

    void settle(long second) {
        var _ = world.at(second);
    }

    Assignment told(String machine) {
        if (world.get(new Key.OfPlacement(machine, UNIT)) instanceof Entry.OfPlacement told) {
            return told.assignment();
        }
        throw new AssertionError(machine + " is not told of it");
    }

    /** The machines that are told of the text after that second. */
    Set<String> having(String hash, long second) {
        settle(second);
        Set<String> having = new TreeSet<>();
        for (String machine : MACHINES) {
            if (world.has(new Key.OfPlacement(machine, UNIT))
                    && told(machine).hash().equals(hash)) {
                having.add(machine);
            }
        }
        return having;
    }

    String other() {
        UnitFile file = text("OnLost=stop");
        world.put(new Entry.OfText(file.hash(), file.fleetText()));
        return file.hash();
    }
}
