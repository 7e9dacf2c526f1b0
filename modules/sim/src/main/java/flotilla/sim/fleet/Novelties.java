package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.schedule.Requirements;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who rolls new texts out, pauses, resumes and undoes that, as the API does; and then goes away.
 */
final class Novelties {
    private final World world;
    private final Keeper keeper;
    private final Texts texts;

    Novelties(Stage stage, Texts texts) {
        this.world = stage.world();
        this.keeper = stage.keeper();
        this.texts = texts;
    }

    /** A rollout of some set begins, unless it has one that is not over. */
    void begin() {
        String unit = texts.anyName();
        String set = Texts.isInstance(unit) ? Texts.TEMPLATE : unit;
        boolean replaces = world.random().nextInt(4) == 0;
        Stored there = keeper.get(new Key.OfRollout(set));
        List<Job> members = members(set);
        if (members.isEmpty()
                || (there != null
                        && !(there.entry() instanceof Entry.OfRollout(Rollout before)
                                && (replaces || before.phase().isOver())))) {
            return;
        }
        Set<String> from = new TreeSet<>();
        boolean global = false;
        for (Job job : members) {
            from.add(job.hash());
            global |= isGlobal(job);
        }
        if (global && set.equals(Texts.TEMPLATE)) {
            return;
        }
        Entry.OfText text = texts.drawForSet(unit, global);
        Rollout rollout =
                new Rollout(
                        set,
                        text.hash(),
                        set.equals(Texts.TEMPLATE)
                                ? Optional.empty()
                                : Rollout.before(
                                        earlier(there), members.getFirst().hash(), text.hash()),
                        from,
                        policy(),
                        new Rollout.Stage(Phase.RUNNING, "", FleetSimulation.wallMillis(world)),
                        "somebody");
        keeper.commit(Write.of(List.of(text, new Entry.OfRollout(rollout)), List.of()));
    }

    private static Optional<Rollout> earlier(@Nullable Stored there) {
        return there != null && there.entry() instanceof Entry.OfRollout(Rollout rollout)
                ? Optional.of(rollout)
                : Optional.empty();
    }

    private Policy policy() {
        return new Policy(
                1 + world.random().nextInt(2),
                1_000L * world.random().nextInt(6),
                1_000L * (10 + world.random().nextInt(60)),
                world.random().nextInt(4) > 0);
    }

    private List<Job> members(String set) {
        List<Job> members = new ArrayList<>();
        for (Stored stored : keeper.cluster()) {
            if (stored.entry() instanceof Entry.OfJob(Job job)
                    && (set.equals(Texts.TEMPLATE)
                            ? Texts.isInstance(job.name())
                            : job.name().equals(set))) {
                members.add(job);
            }
        }
        return members;
    }

    private boolean isGlobal(Job job) {
        Stored text = keeper.get(new Key.OfText(job.hash()));
        return text != null
                && text.entry() instanceof Entry.OfText its
                && texts.requirements(job.name(), its.text())
                        .filter(Requirements::global)
                        .isPresent();
    }

    /** Some rollout is paused, goes on, or is taken back. */
    void steer() {
        List<Rollout> rollouts = new ArrayList<>();
        for (Stored stored : keeper.cluster()) {
            if (stored.entry() instanceof Entry.OfRollout(Rollout rollout)) {
                rollouts.add(rollout);
            }
        }
        if (rollouts.isEmpty()) {
            return;
        }
        Rollout one = rollouts.get(world.random().nextInt(rollouts.size()));
        int asked = world.random().nextInt(4);
        Phase phase = one.phase();
        if (asked == 0 && phase != Phase.UNDOING && phase != Phase.UNDONE) {
            become(one, Phase.UNDOING, "asked for");
        } else if (asked == 1 && phase == Phase.RUNNING) {
            become(one, Phase.PAUSED, "");
        } else if (asked > 1 && (phase == Phase.PAUSED || phase == Phase.FAILED)) {
            become(one, Phase.RUNNING, "");
        }
    }

    private void become(Rollout rollout, Phase phase, String reason) {
        Rollout.Stage next = new Rollout.Stage(phase, reason, FleetSimulation.wallMillis(world));
        keeper.commit(Write.of(List.of(new Entry.OfRollout(rollout.in(next))), List.of()));
    }
}
