package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Yaml.Kind;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a plain scalar is when no tag says so: YAML 1.1 as the original's library knew it. That took
 * {@code 1:30} for a text, as YAML 1.2 does, and so do we.
 */
final class ScalarKinds {
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> GO_TRUE = Set.of("1", "t", "T");
    private static final Set<String> GO_FALSE = Set.of("0", "f", "F");
    private static final Pattern WHOLE =
            Pattern.compile("[-+]?(0b[01]++|0[xX][0-9a-fA-F]++|0[0-7]*+|[1-9][0-9]*+)");
    private static final Pattern REAL =
            Pattern.compile(
                    "[-+]?(\\.[0-9]++|[0-9]++(\\.[0-9]*+)?)([eE][-+]?[0-9]++)?"
                            + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    /** Longer ones are taken for texts: the longest number of any option has ten digits. */
    private static final int NUMBER_CHARS_MAX = 64;

    private ScalarKinds() {}

    static Kind of(String text) {
        if (NULL.contains(text)) {
            return Kind.NULL;
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return Kind.FLAG;
        }
        if (text.length() > NUMBER_CHARS_MAX) {
            return Kind.TEXT;
        }
        String number = text.replace("_", "");
        if (WHOLE.matcher(number).matches()) {
            return value(number).bitLength() < Long.SIZE ? Kind.WHOLE : Kind.REAL;
        }
        return REAL.matcher(number).matches() ? Kind.REAL : Kind.TEXT;
    }

    static boolean isTrue(String flag) {
        return TRUE.contains(flag);
    }

    /** A flag of a service: as YAML writes one, or as etcd and fleet took one (Go's ParseBool). */
    static Optional<Boolean> flag(String text) {
        if (TRUE.contains(text) || GO_TRUE.contains(text)) {
            return Optional.of(true);
        }
        return FALSE.contains(text) || GO_FALSE.contains(text)
                ? Optional.of(false)
                : Optional.empty();
    }

    /** The decimal digits of what is {@link Kind#WHOLE}: of 0644 420. */
    static String decimal(String whole) {
        return value(whole.replace("_", "")).toString();
    }

    private static BigInteger value(String number) {
        boolean signed = number.startsWith("-") || number.startsWith("+");
        String digits = (signed ? number.substring(1) : number).toLowerCase(Locale.ROOT);
        BigInteger value =
                digits.startsWith("0x")
                        ? new BigInteger(digits.substring(2), 16)
                        : digits.startsWith("0b")
                                ? new BigInteger(digits.substring(2), 2)
                                : new BigInteger(digits, digits.startsWith("0") ? 8 : 10);
        return number.startsWith("-") ? value.negate() : value;
    }
}
