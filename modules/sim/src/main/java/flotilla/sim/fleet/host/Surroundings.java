package flotilla.sim.fleet.host;

import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Weather;
import flotilla.sim.world.World;

/**
 * What all machines of a fleet share.
 *
 * @param witness sees what runs where
 */
public record Surroundings(
        World world, Keeper keeper, Weather weather, Habits habits, Witness witness) {
    /** Sees what runs where. */
    public interface Witness {
        /** A unit's processes have begun, by that text. */
        void started(Host host, String unit, String text);

        /**
         * A unit's processes have ended.
         *
         * @param byItself whether nobody wanted it
         */
        void ended(Host host, String unit, boolean byItself);

        /** A machine of which nothing moved has gone on for long enough to have noticed. */
        void thawed(Host host);
    }
}
