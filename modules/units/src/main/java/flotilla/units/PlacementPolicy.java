package flotilla.units;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a unit goes of the machines that can have it: the values of {@code Placement=}. */
public enum PlacementPolicy {
    /** Where most is free. */
    SPREAD,
    /** Where least is left free, so that whole machines stay empty. */
    PACK;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<PlacementPolicy> of(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }

    public boolean isPacked() {
        return this == PACK;
    }
}
