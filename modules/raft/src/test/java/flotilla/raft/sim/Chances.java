package flotilla.raft.sim;

import flotilla.raft.RaftConfig.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How likely what is, in one run. Runs differ: a fault that is rare beside others is common alone.
 *
 * @param voters that the group begins with
 * @param members of whom any may join
 * @param limits small ones, so that each is met
 * @param lossPermille of messages sent
 * @param repeatPermille of messages delivered that stay under way
 * @param reorderPermille of deliveries that take any message
 * @param crash weight of a crash among events
 * @param cut weight of a cut or of a heal
 * @param pause weight of a member's standing still, and its clock with it
 * @param change weight of a change of members
 * @param snapshot weight of flushing and compaction
 * @param disk weight of a finished write: a small one makes disks slow
 * @param apply weight of applying: a small one makes state machines slow
 * @param tick weight of a tick: a large one makes elections frequent
 * @param client weight of a write or read
 * @param paces how much faster or slower than others a member ticks, stores and applies
 */
record Chances(
        int voters,
        int members,
        Limits limits,
        int lossPermille,
        int repeatPermille,
        int reorderPermille,
        int crash,
        int cut,
        int pause,
        int change,
        int snapshot,
        int disk,
        int apply,
        int tick,
        int client,
        List<Pace> paces) {
    /** How often a member's turn comes. */
    record Pace(int tick, int disk, int apply) {}

    static Chances drawn(Random random) {
        int voters = pick(random, 1, 2, 3, 3, 3, 4, 5);
        int change = pick(random, 0, 2, 10);
        List<Pace> paces = new ArrayList<>();
        for (int i = 0; i < Simulation.MEMBERS_MAX; i++) {
            paces.add(
                    new Pace(
                            pick(random, 10, 10, 10, 3),
                            pick(random, 10, 10, 10, 1),
                            pick(random, 10, 10, 10, 1, 0)));
        }
        Limits limits =
                new Limits(
                        pick(random, 20, 100),
                        pick(random, 1, 3, 8),
                        pick(random, 1, 2, 4),
                        pick(random, 30, 300),
                        600,
                        8);
        return new Chances(
                voters,
                change == 0 ? voters : Simulation.MEMBERS_MAX,
                limits,
                pick(random, 0, 10, 50, 200),
                pick(random, 0, 10, 100),
                pick(random, 0, 50, 500),
                pick(random, 0, 1, 4),
                pick(random, 0, 1, 4),
                pick(random, 0, 1, 4),
                change,
                pick(random, 0, 3, 10),
                pick(random, 100, 500),
                pick(random, 100, 500),
                pick(random, 100, 200),
                pick(random, 30, 100),
                paces);
    }

    private static int pick(Random random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
