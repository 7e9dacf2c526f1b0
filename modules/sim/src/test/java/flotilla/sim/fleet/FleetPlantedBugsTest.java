package flotilla.sim.fleet;

import flotilla.sim.Hunt;
import flotilla.sim.fleet.FleetSimulation.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation of fleets sees mistakes of the engine, the agent and the model: each is found. */
class FleetPlantedBugsTest {
    private static final int EVENTS = 3_000;

    @ParameterizedTest
    @EnumSource(FleetPlantedBug.class)
    void a_planted_bug_is_found(FleetPlantedBug bug) {
        new Hunt(bug.line(), Run.class, EVENTS).finds(bug.seed, bug.breaks);
    }

    /** What a {@link Hunt} calls. */
    static final class Run {
        private Run() {}

        static void run(long seed, long events) {
            FleetSimulation.run(seed, new Size(0, 0, events));
        }
    }
}
