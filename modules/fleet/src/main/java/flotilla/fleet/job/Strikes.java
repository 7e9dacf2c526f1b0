package flotilla.fleet.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What speaks against a unit: machines that died soon after they were given it, one after another.
 * A unit that ends each machine it comes to would else go through the whole cluster. The first
 * death is an accident; after the next ones the unit waits, longer each time, and after {@link
 * #LIMIT} it waits until somebody releases it.
 *
 * @param hash of the text that it is about: another text begins anew
 * @param count at least 1
 * @param lastMillis wall clock of the last death's notice, in milliseconds since 1970
 * @param machineId the last machine
 */
public record Strikes(String hash, int count, long lastMillis, String machineId) {
    /** A machine that dies within that time of being told of a unit counts against the unit. */
    public static final Duration PROBATION = Duration.ofMinutes(2);

    /** With so many deaths a unit waits until it is released. */
    public static final int LIMIT = 4;

    /** How long a unit waits after one death, two, ...: time for a machine to boot again. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ZERO, Duration.ofSeconds(20), Duration.ofMinutes(2));

    public Strikes {
        if (count < 1 || hash.isEmpty()) {
            throw new IllegalArgumentException("strikes are of a unit's text, at least one");
        }
    }

    /** One more, or the first one where those before are of another text. */
    public static Strikes add(Optional<Strikes> before, Job job, String machineId, long nowMillis) {
        int count = before.filter(s -> s.concerns(job)).map(Strikes::count).orElse(0);
        return new Strikes(job.hash(), count + 1, nowMillis, machineId);
    }

    /**
     * Whether a death now counts against what the machine was told at that time. Clocks of two
     * engines may differ by less than the probation; a time that is not known counts for nothing.
     *
     * @param sinceMillis 0 when not known
     */
    public static boolean isSoon(long sinceMillis, long nowMillis) {
        return sinceMillis > 0 && Math.abs(nowMillis - sinceMillis) < PROBATION.toMillis();
    }

    public boolean concerns(Job job) {
        return job.hash().equals(hash) && job.desired() != JobState.INACTIVE;
    }

    /** Whether only somebody's word ends the waiting. */
    public boolean isFinal() {
        return count >= LIMIT;
    }

    /** For people. */
    public String deaths() {
        return "%d machines died within %d minutes of being given it, the last one %s"
                .formatted(count, PROBATION.toMinutes(), machineId);
    }

    /** Why the unit may come to no machine now; empty when it may. */
    public Optional<String> hold(long nowMillis) {
        String deaths = deaths();
        if (isFinal()) {
            return Optional.of(
                    deaths + "; to try again, unload and start it, or give it another text");
        }
        long pauseMillis = PAUSES.get(count - 1).toMillis();
        long restMillis = lastMillis + pauseMillis - nowMillis;
        // A clock that was set far back, by more than engines' clocks differ, prolongs no pause.
        boolean waits =
                pauseMillis > 0
                        && restMillis > 0
                        && restMillis < pauseMillis + PROBATION.toMillis();
        return waits
                ? Optional.of(deaths + "; tried again in " + (restMillis + 999) / 1000 + " s")
                : Optional.empty();
    }
}
