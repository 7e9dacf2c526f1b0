package flotilla.fleet.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a unit whose machine can't reach the cluster any more. */
public enum OnLost {
    /** The machine stops it, and only after its fence another one gets it: never two copies. */
    STOP,
    /** It runs on there, and another machine gets it as soon as the lease has ended. */
    KEEP;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<OnLost> of(String text) {
        return Arrays.stream(values()).filter(word -> word.text().equals(text)).findFirst();
    }
}
