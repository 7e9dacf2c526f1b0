package flotilla.sim;

import flotilla.sim.member.Habits;
import flotilla.sim.network.Weather;
import flotilla.store.log.driver.MemberParts.Times;
import flotilla.store.log.wal.WalOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one run is like. Runs differ: a fault that is rare beside others is common alone.
 *
 * @param members how many
 * @param clients how many
 * @param keys how many they share
 * @param clientPauseNanos between a client's answer and its next question, typically
 * @param faultNanos between two faults, typically
 * @param faultLastsNanos how long one lasts, typically
 * @param changeNanos between two changes of the members, typically; 0 for none
 * @param faults which there are in this run; one that stands twice is twice as frequent
 * @param crashPermille of operations on a disk that the process doesn't survive, while that is so
 */
record Chances(
        int members,
        int clients,
        int keys,
        long clientPauseNanos,
        long faultNanos,
        long faultLastsNanos,
        long changeNanos,
        List<Fault> faults,
        int crashPermille,
        Weather weather,
        Habits habits) {
    private static final long MILLI = 1_000_000;

    /**
     * @param upgrades see {@link Habits}
     */
    static Chances drawn(RandomGenerator random, boolean upgrades) {
        boolean changes = random.nextBoolean();
        // A change waits until members have been reached for seconds: such runs are calmer.
        long tickMillis = changes ? 100 : pick(random, 20, 50, 100);
        Times times =
                new Times(
                        Duration.ofMillis(tickMillis),
                        Duration.ofMillis(tickMillis * 10),
                        Duration.ofMillis(5_000 + tickMillis * 20),
                        pick(random, 20, 100, 1_000));
        Habits habits =
                new Habits(
                        upgrades,
                        times,
                        new WalOptions(pick(random, 4_000, 20_000, 200_000), 4_096, 2_000),
                        pick(random, 5_000, 20_000, 200_000),
                        pick(random, 100_000, 1_000_000, 5_000_000),
                        pick(random, 20_000, 200_000, 2_000_000),
                        pick(random, 1, 20, 300) * MILLI,
                        pick(random, 0, 0, 100, 500, 2_000) * MILLI,
                        random.nextInt(4) == 0);
        Weather weather =
                new Weather(
                        pick(random, 100_000, 500_000, 5_000_000),
                        pick(random, 0, 5, 50),
                        pick(random, 0, 5, 50),
                        pick(random, 0, 5, 50));
        return new Chances(
                pick(random, 1, 3, 3, 3, 3, 5, 5),
                changes ? 3 : pick(random, 3, 6, 12),
                pick(random, 2, 5, 10),
                (changes ? pick(random, 100, 300, 1_000) : pick(random, 1, 10, 50)) * MILLI,
                tickMillis
                        * (changes ? pick(random, 20, 50, 100) : pick(random, 3, 10, 40))
                        * MILLI,
                tickMillis * (changes ? pick(random, 5, 20, 50) : pick(random, 5, 20, 100)) * MILLI,
                changes ? tickMillis * pick(random, 3, 10, 30) * MILLI : 0,
                faults(random),
                pick(random, 1, 5, 20),
                weather,
                habits);
    }

    /** All in one run of three, else a few. */
    private static List<Fault> faults(RandomGenerator random) {
        List<Fault> all = List.of(Fault.values());
        if (random.nextInt(3) == 0) {
            return all;
        }
        List<Fault> some = new ArrayList<>();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return some;
    }

    private static int pick(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
