package flotilla.fleet.registry;

import java.util.Optional;

/**
 * Where a line of history stands among all: in the order of the store, and among those of one
 * transaction in that of their keys.
 */
public record HistoryPlace(long revision, String path) implements Comparable<HistoryPlace> {
    /** Behind all lines. */
    public static final HistoryPlace END = new HistoryPlace(Long.MAX_VALUE, "");

    /** Digits that a revision may have, so that it is a number. */
    private static final int DIGITS_MAX = 18;

    /** Empty for what is none. */
    public static Optional<HistoryPlace> of(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && slash <= DIGITS_MAX && text.substring(0, slash).matches("[0-9]+")
                ? Optional.of(
                        new HistoryPlace(
                                Long.parseLong(text.substring(0, slash)), text.substring(slash)))
                : Optional.empty();
    }

    @Override
    public int compareTo(HistoryPlace other) {
        int order = Long.compare(revision, other.revision);
        return order != 0 ? order : path.compareTo(other.path);
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return revision + path;
    }
}
