package flotilla.raft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Raft's promises in groups that lose messages, power and members. {@code -Dsim.seed=S
 * -Dsim.seeds=N -Dsim.events=E} runs others, and more.
 */
class SimulationTest {
    private static final long SEED = Long.getLong("sim.seed", 1);
    private static final int SEEDS = Integer.getInteger("sim.seeds", 120);
    private static final int EVENTS = Integer.getInteger("sim.events", 4_000);

    @Test
    void promises_hold_whatever_happens() {
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            try {
                Simulation.run(seed, EVENTS);
            } catch (RuntimeException e) {
                String again =
                        "mvn -pl modules/raft test -Dtest=SimulationTest -Dsim.seed=%d -Dsim.seeds=1"
                                        .formatted(seed)
                                + " -Dsim.events="
                                + EVENTS;
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + again, e);
            }
        }
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        assertThat(Simulation.run(7, 3_000)).isEqualTo(Simulation.run(7, 3_000));
    }
}
