package flotilla.fleet.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the cluster's people let a machine be used for. It is theirs to say and not the machine's:
 * it outlives the machine's restart.
 */
public enum Eligibility {
    /** Units come and stay; what a machine is of which nothing was said. */
    READY,
    /** No unit comes; those that are there stay. */
    CORDONED,
    /** No unit comes; those that are there leave, as far as another machine can have them. */
    DRAINING;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Eligibility> of(String text) {
        return Arrays.stream(values()).filter(word -> word.text().equals(text)).findFirst();
    }
}
