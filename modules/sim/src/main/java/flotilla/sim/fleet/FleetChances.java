package flotilla.sim.fleet;

import flotilla.sim.fleet.host.Habits;
import flotilla.sim.fleet.keeper.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one run is like. Runs differ: what is rare beside other trouble is common alone.
 *
 * @param machines how many
 * @param units how many there are at most
 * @param wishNanos between two wishes, typically
 * @param troubleNanos between two troubles, typically
 * @param lastsNanos how long one lasts, typically
 * @param troubles which there are in this run; one that stands twice is twice as frequent
 */
record FleetChances(
        int machines,
        int units,
        long wishNanos,
        long troubleNanos,
        long lastsNanos,
        List<Trouble> troubles,
        Weather weather,
        Habits habits) {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    /**
     * @param machines 0 to draw it
     * @param units 0 to draw it
     */
    static FleetChances drawn(RandomGenerator random, int machines, int units) {
        Habits habits =
                new Habits(
                        pick(random, 3_000, 3_000, 5_000),
                        pick(random, 10, 300, 3_000) * MILLI,
                        pick(random, 10, 300, 3_000) * MILLI,
                        pick(random, 0, 0, 20, 100),
                        pick(random, 0, 0, 20, 100),
                        pick(random, 0, 0, 20, 100),
                        pick(random, 0, 0, 20),
                        pick(random, 0, 0, 2, 10),
                        3);
        Weather weather =
                new Weather(
                        pick(random, 1, 5, 50) * MILLI,
                        pick(random, 0, 0, 10, 50),
                        500,
                        pick(random, 1, 20, 500) * MILLI);
        return new FleetChances(
                machines > 0 ? machines : pick(random, 2, 3, 3, 4, 6),
                units > 0 ? units : pick(random, 3, 6, 12, 20),
                pick(random, 1, 3, 10) * SECOND,
                pick(random, 1, 3, 8) * SECOND,
                pick(random, 2, 6, 15) * SECOND,
                troubles(random),
                weather,
                habits);
    }

    /** All in one run of three, else a few. */
    private static List<Trouble> troubles(RandomGenerator random) {
        List<Trouble> all = List.of(Trouble.values());
        if (random.nextInt(3) == 0) {
            return all;
        }
        List<Trouble> some = new ArrayList<>();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return some;
    }

    private static int pick(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
