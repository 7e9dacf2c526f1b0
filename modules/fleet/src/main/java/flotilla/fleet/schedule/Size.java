package flotilla.fleet.schedule;

import java.util.Locale;

/** Sizes as unit files write them. */
final class Size {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private Size() {}

    /** {@code 512M}, {@code 1.5G}; whole below 10 G's worth of precision. */
    static String text(long bytes) {
        if (bytes >= GIB) {
            return trimmed(bytes / (double) GIB) + "G";
        }
        return bytes >= MIB ? bytes / MIB + "M" : bytes / KIB + "K";
    }

    static String cpus(long milliCpus) {
        return trimmed(milliCpus / 1000.0);
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
