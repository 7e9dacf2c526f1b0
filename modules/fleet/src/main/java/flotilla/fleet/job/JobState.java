package flotilla.fleet.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a unit is, or should be, on its way (fleet's {@code Documentation/states.md}). The order
 * is that way. It says nothing of how the unit itself fares: that is the init's state.
 */
public enum JobState {
    /** Known to the cluster, on no machine. */
    INACTIVE,
    /** Given to a machine and its init has read it. */
    LOADED,
    /** Its init was told to start it. */
    LAUNCHED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<JobState> of(String text) {
        return Arrays.stream(values()).filter(state -> state.text().equals(text)).findFirst();
    }
}
