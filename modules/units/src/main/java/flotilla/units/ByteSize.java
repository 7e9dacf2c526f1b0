package flotilla.units;

import java.util.OptionalLong;

/** Sizes as systemd writes them: bytes, or with K M G T P E to the base of 1024. */
public final class ByteSize {
    private static final String SUFFIXES = "KMGTPE";

    private ByteSize() {}

    /** Empty for {@code infinity}, a percentage, a negative number and anything unreadable. */
    public static OptionalLong parse(String text) {
        String number = text.strip();
        if (number.endsWith("B") && number.length() > 1) {
            number = number.substring(0, number.length() - 1).strip();
        }
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        int suffix = SUFFIXES.indexOf(number.charAt(number.length() - 1));
        if (suffix >= 0) {
            number = number.substring(0, number.length() - 1).strip();
        }
        if (!number.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")) {
            return OptionalLong.empty();
        }
        long unit = 1L << (10 * (suffix + 1));
        double bytes = Double.parseDouble(number) * unit;
        boolean exact = number.indexOf('.') < 0 && bytes < Long.MAX_VALUE;
        return OptionalLong.of(exact ? Long.parseLong(number) * unit : (long) bytes);
    }
}
