package flotilla.store.log.wal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log file's name, as etcd's: its number and the index of the entry that was due when it began,
 * both as 16 lower-case hexadecimal digits. The first file's is 0-0.
 */
record SegmentName(long number, long firstIndex) {
    static final SegmentName FIRST = new SegmentName(0, 0);

    /** Ends the name of a file that isn't a part of the log yet. */
    static final String UNFINISHED = ".tmp";

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.wal");

    /** Nothing if it is another file's. */
    static @Nullable SegmentName parse(String name) {
        Matcher parts = FORM.matcher(name);
        return parts.matches()
                ? new SegmentName(
                        Long.parseUnsignedLong(parts.group(1), 16),
                        Long.parseUnsignedLong(parts.group(2), 16))
                : null;
    }

    @Override
    public String toString() {
        return "%016x-%016x.wal".formatted(number, firstIndex);
    }
}
