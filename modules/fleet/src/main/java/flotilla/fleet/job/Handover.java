package flotilla.fleet.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a unit goes from one machine that is there to another. */
public enum Handover {
    /** First the one says that it has stopped, then the other hears of it: never two copies. */
    STOP_FIRST,
    /** Both hear of it at once, as with the original: no gap, but for a while two copies. */
    START_FIRST;

    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Handover> of(String text) {
        return Arrays.stream(values()).filter(word -> word.text().equals(text)).findFirst();
    }
}
